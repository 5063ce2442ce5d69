using System.Text;

namespace MtaSts.Tests;

public sealed class PolicyTests
{
    private const string Head = "version: STSv1\nmode: enforce\nmx: a.example\nmax_age: 86400\n";
    private const string Name32 = "a123456789_-.ABCDEFGHIJKLMNOPQRS";

    // RFC 8461, Section 3.2: files that match the grammar exactly.
    public static TheoryData<string, PolicyMode, int, string, string> Strict => new() // text, mode, max_age, mx, extensions
    {
        { // the RFC's example
            "version: STSv1\nmode: enforce\nmx: mail.example.com\nmx: *.example.net\nmx: backupmx.example.com\nmax_age: 604800\n",
            PolicyMode.Enforce, 604_800, "mail.example.com *.example.net backupmx.example.com", ""
        },
        { "version: STSv1\r\nmode: testing\r\nmx: a\r\nmax_age: 1\r\n", PolicyMode.Testing, 1, "a", "" },
        { "version: STSv1\nmode: testing\r\nmx: a\nmax_age: 1\r\n", PolicyMode.Testing, 1, "a", "" }, // LF and CRLF mixed
        { "version: STSv1\nmode: enforce\nmx: a\nmax_age: 1", PolicyMode.Enforce, 1, "a", "" }, // the last line end may be missing
        { "version: STSv1\r\nmode: enforce\r\nmx: a\r\nmax_age: 1", PolicyMode.Enforce, 1, "a", "" },
        { "max_age: 1\nmx: b\nmode: enforce\nmx: a\nversion: STSv1", PolicyMode.Enforce, 1, "b a", "" }, // fields in any order
        { "version: STSv1\nmode: none\nmax_age: 1", PolicyMode.None, 1, "", "" }, // mode none needs no mx
        { "version: STSv1\nmode: none\nmx: a\nmax_age: 1", PolicyMode.None, 1, "a", "" },
        { "version:STSv1\nmode:enforce\nmx:a\nmax_age:1", PolicyMode.Enforce, 1, "a", "" }, // sts-policy-field-delim = ":" *WSP
        { "version: \t STSv1\nmode:\tenforce\nmx:   *.a\nmax_age:\t\t1", PolicyMode.Enforce, 1, "*.a", "" },
        { "version: STSv1 \nmode: enforce\t\nmx: a \t \r\nmax_age: 1  ", PolicyMode.Enforce, 1, "a", "" }, // sts-policy-field *WSP
        { // duplicates of mx are kept
            "version: STSv1\nmode: enforce\nmx: A.Example\nmx: a.example\nmax_age: 1",
            PolicyMode.Enforce, 1, "a.example a.example", ""
        },
        { "version: STSv1\nmode: enforce\nmx: a\nmax_age: 0", PolicyMode.Enforce, 0, "a", "" },
        { "version: STSv1\nmode: enforce\nmx: a\nmax_age: 31557600", PolicyMode.Enforce, 31_557_600, "a", "" },
        { "version: STSv1\nmode: enforce\nmx: a\nmax_age: 0031557600", PolicyMode.Enforce, 31_557_600, "a", "" }, // 1*10(DIGIT)
        { "version: STSv1\nmode: enforce\nmx: a\nmax_age: 0000000000", PolicyMode.Enforce, 0, "a", "" },

        // Unknown fields.
        { Head + "x: y\n", PolicyMode.Enforce, 86_400, "a.example", "x=y" },
        { Head + "x:y", PolicyMode.Enforce, 86_400, "a.example", "x=y" },
        { "x: y\n" + Head + "z: y", PolicyMode.Enforce, 86_400, "a.example", "x=y|z=y" },
        { Head + "x: a b  c\t\n", PolicyMode.Enforce, 86_400, "a.example", "x=a b  c" }, // inner spaces are kept, outer ones are not
        { // %x21-7E, so "#" begins no comment here
            Head + "x: a: b # c; d=e, \"*\"", PolicyMode.Enforce, 86_400, "a.example", "x=a: b # c; d=e, \"*\""
        },
        { Head + "x: !~", PolicyMode.Enforce, 86_400, "a.example", "x=!~" },
        { Head + "x: #", PolicyMode.Enforce, 86_400, "a.example", "x=#" },
        { Head + "9: y", PolicyMode.Enforce, 86_400, "a.example", "9=y" },
        { Head + $"{Name32}: y", PolicyMode.Enforce, 86_400, "a.example", $"{Name32}=y" },
        { Head + "https://example.com", PolicyMode.Enforce, 86_400, "a.example", "https=//example.com" },
        { // %s: keys are case-sensitive
            Head + "Mode: none\nMX: b.example\nMax_Age: x\nVersion: 2",
            PolicyMode.Enforce, 86_400, "a.example", "Mode=none|MX=b.example|Max_Age=x|Version=2"
        },
        { // UTF8-2, UTF8-3 and UTF8-4
            Head + "x: é\u0101\u4E2D\U0001F600", PolicyMode.Enforce, 86_400, "a.example", "x=é\u0101\u4E2D\U0001F600"
        },
        { // UTF8-2 begins at U+0080: these are neither line ends nor whitespace
            Head + "x: \u0080\u0085\u00A0\u2028\u2029\uFEFF\uFFFF",
            PolicyMode.Enforce, 86_400, "a.example", "x=\u0080\u0085\u00A0\u2028\u2029\uFEFF\uFFFF"
        },
        { Head + "x: \u212A\u00A0", PolicyMode.Enforce, 86_400, "a.example", "x=\u212A\u00A0" },

        // The first field of a name other than mx counts. Later ones need only be well-formed lines.
        { Head + "version: STSv2\nmode: none\nmax_age: forever", PolicyMode.Enforce, 86_400, "a.example", "" },
        { Head + "mode: testing # é", PolicyMode.Enforce, 86_400, "a.example", "" },
        { Head + "max_age: 12345678901", PolicyMode.Enforce, 86_400, "a.example", "" },
        { Head + "max_age: 9999999999", PolicyMode.Enforce, 86_400, "a.example", "" }, // not parsed, so not capped
        { Head + "x: 1\nx: 2\ny: 3\nX: 4\nx: 5", PolicyMode.Enforce, 86_400, "a.example", "x=1|y=3|X=4" },
    };

    // Tolerated files; each parses to the policy of Head.
    public static TheoryData<string, Deviations> Tolerated => new()
    {
        { "\uFEFF" + Head, Deviations.ByteOrderMark },
        { Head + "\n", Deviations.BlankLine },
        { Head + "\r\n\r\n", Deviations.BlankLine },
        { Head + " ", Deviations.BlankLine },
        { Head + "\t \n", Deviations.BlankLine },
        { "\n" + Head, Deviations.BlankLine },
        { "\r\n" + Head, Deviations.BlankLine },
        { Head.Replace("\n", "\n\n", StringComparison.Ordinal), Deviations.BlankLine },
        { Head.Replace("\n", "\r\n \t\r\n", StringComparison.Ordinal), Deviations.BlankLine },
        { " " + Head, Deviations.Whitespace },
        { "\t" + Head, Deviations.Whitespace },
        { Head.Replace("mx", "\t  mx", StringComparison.Ordinal), Deviations.Whitespace },
        { Head.Replace("mode:", "mode :", StringComparison.Ordinal), Deviations.Whitespace },
        { Head.Replace(":", " \t:", StringComparison.Ordinal), Deviations.Whitespace },
        { Head + " mode: none", Deviations.Whitespace }, // a duplicate is still a field
        { "# a comment\n" + Head, Deviations.Comment },
        { Head + "#", Deviations.Comment },
        { Head + "#\r\n", Deviations.Comment },
        { Head + "  \t# not Whitespace, as there is no key\n", Deviations.Comment },
        { Head + "#mode: none", Deviations.Comment },
        { Head + "# a\ttab is allowed here", Deviations.Comment },
        { Head + "# é\u0085\u00A0\u2028\u212A\uFEFF mode: none", Deviations.Comment }, // non-ASCII characters do not end a comment
        { Head.Replace("a.example", "a.example.", StringComparison.Ordinal), Deviations.TrailingDot },
        { Head.Replace("a.example", "a.example. ", StringComparison.Ordinal), Deviations.TrailingDot },
        { "\uFEFF\n" + Head, Deviations.ByteOrderMark | Deviations.BlankLine },
        { "\uFEFF " + Head, Deviations.ByteOrderMark | Deviations.Whitespace },
        { "\uFEFF# x\n" + Head, Deviations.ByteOrderMark | Deviations.Comment },
        {
            "\uFEFF\n#\n " + Head.Replace("a.example", "A.Example.", StringComparison.Ordinal),
            Deviations.ByteOrderMark | Deviations.BlankLine | Deviations.Comment | Deviations.Whitespace | Deviations.TrailingDot
        },
    };

    public static TheoryData<string> AboveTheLimit => new()
    {
        "31557601", "0031557601", "99999999", "2147483648", "4294967295", "4294967296", "9999999999",
    };

    public static TheoryData<string, ParseErrorCode> Malformed => new()
    {
        // Missing fields. The error is at the end of the text.
        { "^", ParseErrorCode.MissingVersion },
        { "\uFEFF^", ParseErrorCode.MissingVersion },
        { "\uFEFFmx:^ \n", ParseErrorCode.EmptyName }, // fewer than sixteen units, parsed after the byte order mark
        { "\uFEFFmx: a\n^", ParseErrorCode.MissingVersion },
        { "\n\n^", ParseErrorCode.MissingVersion },
        { "# nothing^", ParseErrorCode.MissingVersion },
        { "mode: enforce\nmx: a\nmax_age: 1^", ParseErrorCode.MissingVersion },
        { "mode: enforce\nmx: a\nmax_age: 1\n^", ParseErrorCode.MissingVersion },
        { "Version: STSv1\nmode: enforce\nmx: a\nmax_age: 1^", ParseErrorCode.MissingVersion },
        { "eversion: STSv1\nmode: enforce\nmx: a\nmax_age: 1^", ParseErrorCode.MissingVersion },
        { "version: STSv1\nmx: a\nmax_age: 1^", ParseErrorCode.MissingMode },
        { "version: STSv1\nMODE: enforce\nmx: a\nmax_age: 1^", ParseErrorCode.MissingMode },
        { "version: STSv1\n#mode: enforce\nmx: a\nmax_age: 1^", ParseErrorCode.MissingMode },
        { "version: STSv1\nmode: enforce\nmx: a^", ParseErrorCode.MissingMaxAge },
        { "version: STSv1\nmode: none^", ParseErrorCode.MissingMaxAge },
        { "version: STSv1\nmode: enforce\nmx: a\nmax-age: 1^", ParseErrorCode.MissingMaxAge },
        { "version: STSv1\nmode: enforce\nmx: a\nMax_Age: 1^", ParseErrorCode.MissingMaxAge },
        { "version: STSv1\nmode: enforce\nmax_age: 1^", ParseErrorCode.MissingMx },
        { "version: STSv1\nmode: testing\nmax_age: 1\n^", ParseErrorCode.MissingMx },
        { "version: STSv1\nmode: testing\nms: a\nmax_age: 1^", ParseErrorCode.MissingMx },
        { "version: STSv1\nmode: enforce\nMX: a\nmax_age: 1^", ParseErrorCode.MissingMx },

        // version: %s"STSv1"
        { "version: ^STSv2\nmode: enforce\nmx: a\nmax_age: 1", ParseErrorCode.UnsupportedVersion },
        { "version: ^stsv1\nmode: enforce\nmx: a\nmax_age: 1", ParseErrorCode.UnsupportedVersion },
        { "version: ^STSv10\nmode: enforce\nmx: a\nmax_age: 1", ParseErrorCode.UnsupportedVersion },
        { "version: ^STSv1;\nmode: enforce\nmx: a\nmax_age: 1", ParseErrorCode.UnsupportedVersion },
        { "version: ^STSv1 # the only one\nmode: enforce\nmx: a\nmax_age: 1", ParseErrorCode.UnsupportedVersion },
        { "version: ^\u00A0STSv1\nmode: enforce\nmx: a\nmax_age: 1", ParseErrorCode.UnsupportedVersion },
        { "version: ^STSv1\u2028mode: enforce\nmx: a\nmax_age: 1", ParseErrorCode.UnsupportedVersion }, // LS does not end a line
        { "version: ^STSv1\u0085mode: enforce\nmx: a\nmax_age: 1", ParseErrorCode.UnsupportedVersion }, // NEL does not end a line
        { "version:^\nmode: enforce\nmx: a\nmax_age: 1", ParseErrorCode.UnsupportedVersion },
        { // invalid first, valid second
            "version: ^STSv2\nversion: STSv1\nmode: enforce\nmx: a\nmax_age: 1", ParseErrorCode.UnsupportedVersion
        },
        { "version: ^STSv1 mode: enforce mx: a max_age: 1", ParseErrorCode.UnsupportedVersion },

        // mode: %s"testing" / %s"enforce" / %s"none"
        { "version: STSv1\nmode: ^enforced\nmx: a\nmax_age: 1", ParseErrorCode.InvalidMode },
        { "version: STSv1\nmode: ^Enforce\nmx: a\nmax_age: 1", ParseErrorCode.InvalidMode },
        { "version: STSv1\nmode: ^TESTING\nmx: a\nmax_age: 1", ParseErrorCode.InvalidMode },
        { "version: STSv1\nmode: ^test\nmx: a\nmax_age: 1", ParseErrorCode.InvalidMode },
        { "version: STSv1\nmode: ^\"none\"\nmx: a\nmax_age: 1", ParseErrorCode.InvalidMode },
        { "version: STSv1\nmode: ^[testing]\nmx: a\nmax_age: 1", ParseErrorCode.InvalidMode },
        { "version: STSv1\nmode: ^enforce # soon\nmx: a\nmax_age: 1", ParseErrorCode.InvalidMode },
        { "version: STSv1\nmode: ^enforce\u00A0\nmx: a\nmax_age: 1", ParseErrorCode.InvalidMode },
        { "version: STSv1\nmode: ^enforce\u2028mx: a\nmax_age: 1", ParseErrorCode.InvalidMode },
        { "version: STSv1\nmode: ^enforce\u0085\nmx: a\nmax_age: 1", ParseErrorCode.InvalidMode },
        { "version: STSv1\nmode: ^\uFF45nforce\nmx: a\nmax_age: 1", ParseErrorCode.InvalidMode },
        { "version: STSv1\nmode:^ \t\nmx: a\nmax_age: 1", ParseErrorCode.InvalidMode },
        { "version: STSv1\nmode: ^block\nmode: enforce\nmx: a\nmax_age: 1", ParseErrorCode.InvalidMode }, // invalid first, valid second
        { "version: STSv1\nmode:^\nmode: enforce\nmx: a\nmax_age: 1", ParseErrorCode.InvalidMode },

        // max_age: 1*10(DIGIT)
        { "version: STSv1\nmode: enforce\nmx: a\nmax_age:^", ParseErrorCode.InvalidMaxAge },
        { "version: STSv1\nmode: enforce\nmx: a\nmax_age: ^12345678901", ParseErrorCode.InvalidMaxAge },
        { "version: STSv1\nmode: enforce\nmx: a\nmax_age: ^00000000000", ParseErrorCode.InvalidMaxAge },
        { "version: STSv1\nmode: enforce\nmx: a\nmax_age: ^00000086400", ParseErrorCode.InvalidMaxAge },
        { "version: STSv1\nmode: enforce\nmx: a\nmax_age: ^-1", ParseErrorCode.InvalidMaxAge },
        { "version: STSv1\nmode: enforce\nmx: a\nmax_age: ^+1", ParseErrorCode.InvalidMaxAge },
        { "version: STSv1\nmode: enforce\nmx: a\nmax_age: ^1.0", ParseErrorCode.InvalidMaxAge },
        { "version: STSv1\nmode: enforce\nmx: a\nmax_age: ^604,800", ParseErrorCode.InvalidMaxAge },
        { "version: STSv1\nmode: enforce\nmx: a\nmax_age: ^604 800", ParseErrorCode.InvalidMaxAge },
        { "version: STSv1\nmode: enforce\nmx: a\nmax_age: ^1e6", ParseErrorCode.InvalidMaxAge },
        { "version: STSv1\nmode: enforce\nmx: a\nmax_age: ^0x10", ParseErrorCode.InvalidMaxAge },
        { "version: STSv1\nmode: enforce\nmx: a\nmax_age: ^86400s", ParseErrorCode.InvalidMaxAge },
        { "version: STSv1\nmode: enforce\nmx: a\nmax_age: ^86400/", ParseErrorCode.InvalidMaxAge }, // the ASCII neighbors of the digits
        { "version: STSv1\nmode: enforce\nmx: a\nmax_age: ^86400:", ParseErrorCode.InvalidMaxAge },
        { "version: STSv1\nmode: enforce\nmx: a\nmax_age: ^86400 # a day", ParseErrorCode.InvalidMaxAge },
        { "version: STSv1\nmode: enforce\nmx: a\nmax_age: ^\u0661", ParseErrorCode.InvalidMaxAge }, // a digit of another script
        { "version: STSv1\nmode: enforce\nmx: a\nmax_age: ^\uFF11", ParseErrorCode.InvalidMaxAge },
        { "version: STSv1\nmode: enforce\nmx: a\nmax_age: ^1\u00A0", ParseErrorCode.InvalidMaxAge },
        { "version: STSv1\nmode: enforce\nmx: a\nmax_age: ^x\nmax_age: 1", ParseErrorCode.InvalidMaxAge }, // invalid first, valid second

        // mx, where a file differs from a pattern alone: whitespace belongs to the line, and one trailing dot is
        // dropped.
        { Head + "mx:^", ParseErrorCode.EmptyName },
        { Head + "mx:^ \t\n", ParseErrorCode.EmptyName },
        { Head + "mx: ^.", ParseErrorCode.EmptyLabel },
        { Head + "mx: a^..", ParseErrorCode.TrailingDot },
        { Head + "mx: *.a^..", ParseErrorCode.TrailingDot },
        { Head + "mx: ^*", ParseErrorCode.MisplacedWildcard },
        { Head + "mx: a^ b", ParseErrorCode.InvalidNameCharacter }, // several hosts on a line
        { Head + "mx: a^, b", ParseErrorCode.InvalidNameCharacter },
        { "version: STSv1\nmode: none\nmax_age: 1\nmx: ^-", ParseErrorCode.MisplacedHyphen }, // also in mode none

        // Invalid lines.
        { Head + "^mode", ParseErrorCode.MissingSeparator },
        { Head + "^max_age=604800", ParseErrorCode.MissingSeparator },
        { "^---\n" + Head, ParseErrorCode.MissingSeparator },
        { "^<html>\n" + Head, ParseErrorCode.MissingSeparator },
        { Head + "  ^- a.example\n", ParseErrorCode.MissingSeparator },
        { Head + "^\u00A0\n", ParseErrorCode.MissingSeparator }, // not a blank line
        { Head + "^\u0085\n", ParseErrorCode.MissingSeparator },
        { Head + "^\u2028", ParseErrorCode.MissingSeparator },
        { Head + "^; a comment elsewhere", ParseErrorCode.MissingSeparator },
        { "^\u00A0# no comment\n" + Head, ParseErrorCode.MissingSeparator },

        // Names: sts-policy-alphanum *31(sts-policy-alphanum / "_" / "-" / ".")
        { Head + "^: x", ParseErrorCode.InvalidFieldName },
        { Head + " ^: x", ParseErrorCode.InvalidFieldName },
        { Head + "^_a: x", ParseErrorCode.InvalidFieldName },
        { Head + "^-a: x", ParseErrorCode.InvalidFieldName },
        { Head + "^.a: x", ParseErrorCode.InvalidFieldName },
        { Head + $"^{Name32}T: x", ParseErrorCode.InvalidFieldName },
        { Head + "^max age: x", ParseErrorCode.InvalidFieldName },
        { Head + "^a+b: x", ParseErrorCode.InvalidFieldName },
        { Head + "^\"a\": x", ParseErrorCode.InvalidFieldName },
        { Head + "^// a: x", ParseErrorCode.InvalidFieldName },
        { Head + "^é: x", ParseErrorCode.InvalidFieldName },
        { Head + "^m\u212A: x", ParseErrorCode.InvalidFieldName },
        { Head + "^a\u00A0: x", ParseErrorCode.InvalidFieldName },
        { Head + "^\u00A0a: x", ParseErrorCode.InvalidFieldName },
        { Head + "^\uFEFFmx: b", ParseErrorCode.InvalidFieldName }, // a byte order mark is allowed only at the start
        { "\uFEFF^\uFEFF" + Head, ParseErrorCode.InvalidFieldName }, // only one is allowed
        { " ^\uFEFF" + Head, ParseErrorCode.InvalidFieldName },

        // Values: sts-policy-vchar [*(%x20 / sts-policy-vchar) sts-policy-vchar]
        { Head + "x:^", ParseErrorCode.InvalidFieldValue },
        { Head + "x:^ \t \r\n", ParseErrorCode.InvalidFieldValue },
        { Head + "x: y\nx:^", ParseErrorCode.InvalidFieldValue }, // duplicates must be well formed
        { Head + "version:^", ParseErrorCode.InvalidFieldValue },
        { Head + "mode:^\n", ParseErrorCode.InvalidFieldValue },
        { Head + "max_age:^", ParseErrorCode.InvalidFieldValue },

        // Control characters are reported before other errors of the line.
        { // the framework's parser accepts it as 86400
            "version: STSv1\nmode: enforce\nmx: a\nmax_age: 86400^\0", ParseErrorCode.ControlCharacter
        },
        { "version: STSv1^\0\nmode: enforce\nmx: a\nmax_age: 1", ParseErrorCode.ControlCharacter },
        { "version: STSv1\nmode: enforce^\0\nmx: a\nmax_age: 1", ParseErrorCode.ControlCharacter },
        { "version: STSv1\nmode: enforce\nmx: a.example^\0.b.example\nmax_age: 1", ParseErrorCode.ControlCharacter },
        { Head + "x: y^\0", ParseErrorCode.ControlCharacter },
        { Head + "x: ^\0", ParseErrorCode.ControlCharacter },
        { Head + "x^\0: y", ParseErrorCode.ControlCharacter },
        { Head + "^\0", ParseErrorCode.ControlCharacter },
        { Head + "# x^\0", ParseErrorCode.ControlCharacter },
        { Head + "# ^\u001B[31m", ParseErrorCode.ControlCharacter },
        { Head + "# ^\u007F", ParseErrorCode.ControlCharacter },
        { Head + "x: y^\u007F", ParseErrorCode.ControlCharacter },
        { Head + "x: y^\u000Bz", ParseErrorCode.ControlCharacter },
        { Head + "x: y^\fz", ParseErrorCode.ControlCharacter },
        { Head + "x: y^\tz", ParseErrorCode.ControlCharacter }, // a tab is not %x20
        { Head + "mode: x^\ty", ParseErrorCode.ControlCharacter },
        { Head + "no colon^\0", ParseErrorCode.ControlCharacter },
        { Head + "é^\0", ParseErrorCode.ControlCharacter },
        { Head + "^no colon\n\0", ParseErrorCode.MissingSeparator }, // but errors of an earlier line come first

        // A carriage return without a line feed.
        { "version: STSv1^\rmode: enforce\rmx: a\rmax_age: 1\r", ParseErrorCode.ControlCharacter },
        { "version: STSv1\nmode: enforce^\rx\nmx: a\nmax_age: 1", ParseErrorCode.ControlCharacter },
        { "version: STSv1\nmode: enforce^\r\r\nmx: a\nmax_age: 1", ParseErrorCode.ControlCharacter },
        { "version: STSv1\nmode: enforce^\r \nmx: a\nmax_age: 1", ParseErrorCode.ControlCharacter },
        { "version: STSv1\nmode:^\r enforce\nmx: a\nmax_age: 1", ParseErrorCode.ControlCharacter },
        { "version: STSv1\nmode: enforce\nmx: a^\r\r\nmax_age: 1", ParseErrorCode.ControlCharacter },
        { "version: STSv1\nmode: enforce\nmx: a\nmax_age: 1^\r", ParseErrorCode.ControlCharacter }, // at the end of the file
        { "version: STSv1\nmode: enforce\nmx: a\nmax_age: 1 ^\r", ParseErrorCode.ControlCharacter },
        { Head + "^\r", ParseErrorCode.ControlCharacter },
        { Head + " ^\r", ParseErrorCode.ControlCharacter },
        { Head + "^\r\r\n", ParseErrorCode.ControlCharacter },
        { "^\rversion: STSv1\nmode: enforce\nmx: a\nmax_age: 1", ParseErrorCode.ControlCharacter },
        { Head + "x: y^\r", ParseErrorCode.ControlCharacter },
        { Head + "x: y^\rz\r\n", ParseErrorCode.ControlCharacter },
        { Head + "x: y^\r\r\n", ParseErrorCode.ControlCharacter },
        { Head + "# x^\r", ParseErrorCode.ControlCharacter },
        { Head + "# x^\rmode: none\n", ParseErrorCode.ControlCharacter },
        { Head + "# x^\r\r\n", ParseErrorCode.ControlCharacter },
    };

    public static TheoryData<string, ParseErrorCode, int, int, int> NonAscii => new() // text, code, line, offset in characters, in bytes
    {
        { "\uFEFF" + Head + "x", ParseErrorCode.MissingSeparator, 5, 59, 61 },
        { Head + "x: \u00E9\nmx: a_b", ParseErrorCode.InvalidNameCharacter, 6, 68, 69 },
        { Head + "x: \u20AC\nmx: a_b", ParseErrorCode.InvalidNameCharacter, 6, 68, 70 },
        { Head + "x: \U0001F600\nmx: a_b", ParseErrorCode.InvalidNameCharacter, 6, 69, 71 },
        { Head + "# \u00E9\u20AC\U0001F600\0", ParseErrorCode.ControlCharacter, 5, 64, 69 },
    };

    public static TheoryData<byte[], int, int> NotUtf8 => new() // bytes, line, offset
    {
        { [.. Encoding.UTF8.GetBytes(Head), .. "x: y"u8, 0x80], 5, 62 }, // a continuation byte alone
        { [.. Encoding.UTF8.GetBytes(Head), .. "x: "u8, 0xC0, 0x80], 5, 61 }, // overlong NUL
        { [.. Encoding.UTF8.GetBytes(Head), .. "x: "u8, 0xC1, 0xBF, .. "\n"u8], 5, 61 }, // overlong DEL
        { [.. Encoding.UTF8.GetBytes(Head), .. "x: "u8, 0xE0, 0x9F, 0xBF], 5, 61 }, // overlong U+07FF
        { [.. Encoding.UTF8.GetBytes(Head), .. "x: "u8, 0xF0, 0x8F, 0xBF, 0xBF], 5, 61 }, // overlong U+FFFF
        { [.. Encoding.UTF8.GetBytes(Head), .. "x: "u8, 0xED, 0xA0, 0x80], 5, 61 }, // a surrogate
        { [.. Encoding.UTF8.GetBytes(Head), .. "x: "u8, 0xF4, 0x90, 0x80, 0x80], 5, 61 }, // beyond U+10FFFF
        { [.. Encoding.UTF8.GetBytes(Head), .. "x: "u8, 0xE2, 0x82], 5, 61 }, // truncated by the end
        { [.. Encoding.UTF8.GetBytes(Head), .. "x: "u8, 0xE2, 0x82, .. "\ny: z"u8], 5, 61 }, // truncated by a line feed
        { [.. Encoding.UTF8.GetBytes(Head), .. "# "u8, 0xE9], 5, 60 }, // Latin-1
        { [.. Encoding.UTF8.GetBytes(Head), 0xE9, .. ": x"u8], 5, 58 },
        { [.. "mode"u8, 0xC0, 0xBA, .. "enforce\n"u8, .. Encoding.UTF8.GetBytes(Head)], 1, 4 }, // overlong ":"
        { [.. Encoding.UTF8.GetBytes(Head), .. "mx: a"u8, 0xC0, 0xAE, .. "example"u8], 5, 63 }, // overlong "."
        { [.. Encoding.UTF8.GetBytes(Head), .. "mode: x"u8, 0xC0, 0x8A, .. "mode: none"u8], 5, 65 }, // overlong LF
        { [0xEF, 0xBB, .. Encoding.UTF8.GetBytes(Head)], 1, 0 }, // half a byte order mark
        { [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Head)], 1, 0 }, // a file saved as UTF-16
        { [.. Encoding.BigEndianUnicode.GetPreamble(), .. Encoding.BigEndianUnicode.GetBytes(Head)], 1, 0 },
    };

    // Texts rather than sizes, so each row shows its filler.
    public static TheoryData<string, string> Fillings => new() // start, repeated text
    {
        { Head + "x: ", "y" },
        { Head + "x: y", "\u00E9" }, // fewer characters than bytes
        { Head + "x: ", "\u20AC" },
        { Head + "x: yyy", "\U0001F600" },
        { Head, "#\n" },
        { Head, "\n" },
        { Head, "mx:a\n" },
        { "\uFEFF" + Head + "x: ", "y" },
    };

    public static TheoryData<string[], string, string> Orders => new() // mx, host, the first that matches
    {
        { ["*.b.example", "a.b.example"], "a.b.example", "*.b.example" },
        { ["a.b.example", "*.b.example"], "a.b.example", "a.b.example" },
        { ["x.example", "a.b.example", "*.b.example", "a.b.example"], "A.B.example.", "a.b.example" },
        { ["x.example", "*.b.example", "a.b.example", "*.b.example"], "A.B.example.", "*.b.example" },
        { ["xn--bcher-kva.example", "*.example"], "bücher.example", "xn--bcher-kva.example" },
        { ["*.example", "xn--bcher-kva.example"], "bücher.example", "*.example" },
    };

    [Theory]
    [MemberData(nameof(Strict))]
    public void Parse_Strict_ReturnsFieldsWithoutDeviations(string text, PolicyMode mode, int maxAge, string mx, string extensions)
    {
        Parsed<Policy> parsed = ParseRoutes.Policy.Run(text);

        parsed.IsValid.Should().BeTrue("{0}", parsed.Error);
        Policy policy = parsed.Value!;
        policy.Deviations.Should().Be(Deviations.None);
        policy.Mode.Should().Be(mode);
        policy.MaxAge.Should().Be(TimeSpan.FromSeconds(maxAge));
        string.Join(' ', policy.Mx.Select(static pattern => pattern.ToString())).Should().Be(mx);
        string.Join('|', policy.Extensions.Select(static field => $"{field.Key}={field.Value}")).Should().Be(extensions);
    }

    [Theory]
    [MemberData(nameof(Tolerated))]
    public void Parse_Tolerated_ReportsDeviationsAndReturnsTheSamePolicy(string text, Deviations deviations)
    {
        Parsed<Policy> parsed = ParseRoutes.Policy.Run(text);

        parsed.IsValid.Should().BeTrue("{0}", parsed.Error);
        parsed.Value!.Deviations.Should().Be(deviations);
        ParseRoutes.Policy.Same(parsed.Value, Policy.Parse(Head)).Should().BeTrue();
    }

    [Theory]
    [MemberData(nameof(AboveTheLimit))]
    public void Parse_MaxAgeAboveTheLimit_IsCapped(string maxAge)
    {
        Policy policy = ParseRoutes.Policy.Run($"version: STSv1\nmode: enforce\nmx: a\nmax_age: {maxAge}\n").Value!;

        policy.Deviations.Should().Be(Deviations.MaxAgeCapped);
        policy.MaxAge.Should().Be(TimeSpan.FromSeconds(31_557_600));
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public void Parse_Malformed_ReportsCodeAndOffset(string marked, ParseErrorCode code) =>
        MarkedText.Parse(marked).ShouldBeRejected(ParseRoutes.Policy, code);

    [Theory]
    [MemberData(nameof(MxPatternTests.Malformed), MemberType = typeof(MxPatternTests))]
    public void Parse_MalformedMx_RejectsTheWholeFile(string marked, ParseErrorCode code)
    {
        MarkedText.Parse($"{Head}mx: {marked}\nmx: b.example\n").ShouldBeRejected(ParseRoutes.Policy, code);
        MarkedText.Parse($"mx:{marked}\r\n{Head}").ShouldBeRejected(ParseRoutes.Policy, code);
        MarkedText.Parse($"{Head}mx: \t{marked}").ShouldBeRejected(ParseRoutes.Policy, code);
    }

    [Theory]
    [MemberData(nameof(MxPatternTests.WellFormed), MemberType = typeof(MxPatternTests))]
    public void Parse_MxLine_EqualsThePatternParsedAlone(string pattern)
    {
        ParseRoutes.Policy.Run($"{Head}mx: {pattern}").Value!.Mx[1].Should().Be(MxPattern.Parse(pattern));

        Policy withDot = ParseRoutes.Policy.Run($"{Head}mx: {pattern}. \n").Value!;
        withDot.Mx[1].Should().Be(MxPattern.Parse(pattern));
        withDot.Deviations.Should().Be(Deviations.TrailingDot);
    }

    [Theory]
    [MemberData(nameof(NonAscii))]
    public void Parse_ErrorAfterNonAscii_HasTheOffsetInInputUnits(
        string text, ParseErrorCode code, int line, int inChars, int inBytes)
    {
        Parsed<Policy> parsed = ParseRoutes.Policy.Run(text);

        (parsed.Error.Code, parsed.Error.Line, parsed.Error.Offset).Should().Be((code, line, inChars));
        parsed.ErrorInBytes!.Value.Offset.Should().Be(inBytes);
    }

    [Theory]
    [MemberData(nameof(NotUtf8))]
    public void Parse_InvalidUtf8_IsRejected(byte[] utf8Text, int line, int offset)
    {
        ParseError error = ParseRoutes.Policy.Run(utf8Text).Error;

        (error.Code, error.Line, error.Offset).Should().Be((ParseErrorCode.InvalidEncoding, line, offset));
    }

    // Not rows of a theory: rows are stored as UTF-8, which cannot hold half of a surrogate pair.
    [Fact]
    public void Parse_LoneSurrogate_IsRejected()
    {
        (string Line, int Offset)[] rows = // the last line, and the offset in characters
        [
            ("x: y\uD800", 62),
            ("x: y\uDC00z", 62),
            ("x: \uD800\uD800\uDC00", 61),
            ("# \uDC00\uD800", 60),
            ("\uD800: y", 58),
            ("mx: a\uD800", 63),
        ];
        foreach ((string line, int offset) in rows)
        {
            ParseError error = ParseRoutes.Policy.Run(Head + line).Error;

            (error.Code, error.Line, error.Offset).Should().Be((ParseErrorCode.InvalidEncoding, 5, offset));
        }
    }

    [Fact]
    public void Parse_Utf16WithoutAByteOrderMark_IsRejected()
    {
        ParseError error = ParseRoutes.Policy.Run(Encoding.Unicode.GetBytes(Head)).Error;

        (error.Code, error.Line, error.Offset).Should().Be((ParseErrorCode.ControlCharacter, 1, 1));
    }

    [Fact]
    public void Parse_EachCharacterInAValue_FollowsTheGrammar()
    {
        for (int c = 0; c <= 0x17F; c++)
        {
            // A line feed ends the line; the next line has no colon.
            bool allowed = c is >= 0x20 and <= 0x7E or >= 0x80;
            ParseRoutes.Policy.Run($"{Head}x: a{(char)c}b").IsValid.Should().Be(allowed, "U+{0:X4} within", c);

            // Whitespace at the ends belongs to the line, and a line feed ends it.
            bool ignored = c is '\t' or '\n';
            ParseRoutes.Policy.Run($"{Head}x: a{(char)c}").IsValid.Should().Be(allowed || ignored, "U+{0:X4} at the end", c);
            ParseRoutes.Policy.Run($"{Head}x:{(char)c}a").IsValid.Should().Be(allowed || c is '\t', "U+{0:X4} at the start", c);
        }
    }

    [Fact]
    public void Parse_EachCharacterInAKey_FollowsTheGrammar()
    {
        for (int c = 0; c <= 0x17F; c++)
        {
            bool first = char.IsAsciiLetterOrDigit((char)c);
            bool later = first || c is '_' or '-' or '.';

            // Whitespace around a key is tolerated. A colon ends the key, a line feed the line; "#" begins a comment.
            ParseRoutes.Policy.Run($"{Head}{(char)c}a: b").IsValid
                .Should().Be(first || c is ' ' or '\t' or '\n' or '#', "U+{0:X4} at the start", c);
            ParseRoutes.Policy.Run($"{Head}a{(char)c}b: c").IsValid.Should().Be(later || c is ':', "U+{0:X4} within", c);
            ParseRoutes.Policy.Run($"{Head}a{(char)c}: b").IsValid.Should().Be(later || c is ' ' or '\t' or ':', "U+{0:X4} at the end", c);
        }
    }

    // Line ends at each offset within the blocks of 64 units, and within the vectors, that the parser searches.
    [Fact]
    public void Parse_LinesOfEachLength_AreSplitCorrectly()
    {
        for (int length = 1; length <= 200; length++)
        {
            string value = new('y', length);
            string text = $"x: {value}\n{Head}\r\n\nz: {value}\n";

            Policy policy = ParseRoutes.Policy.Run(text).Value!;
            policy.Extensions.Should().Equal(KeyValuePair.Create("x", value), KeyValuePair.Create("z", value));
            MarkedText.Parse($"{text}^bad\n{text}").ShouldBeRejected(ParseRoutes.Policy, ParseErrorCode.MissingSeparator);
            MarkedText.Parse($"{text}{value}^\r{text}").ShouldBeRejected(ParseRoutes.Policy, ParseErrorCode.ControlCharacter);
        }
    }

    // Vectors parse a plain mx line if enough text follows; any other line takes the general path. Each name is tested
    // on both paths, and must parse as it does alone.
    [Fact]
    public void Parse_MxLineBeforeAnyText_EqualsThePatternParsedAlone()
    {
        const string Before = "version: STSv1\nmode: enforce\nmax_age: 1\n";
        string[] after =
        [
            "", "x:y", "x:yyyyyyyyyyy", "x:yyyyyyyyyyyy", "x:yyyyyyyyyyyyy", "x:yyyyyyyyyyyyyy",
            $"x:{new string('y', 40)}", $"x:{new string('y', 80)}",
        ];
        foreach (string text in NamesWithAFaultAtEachIndex())
        {
            bool isPattern = MxPattern.TryParse(text, out MxPattern pattern, out ParseError error);
            (ParseErrorCode, int) expected = (error.Code, isPattern ? 0 : Before.Length + "mx: ".Length + error.Offset);
            foreach (string rest in after)
            {
                string file = $"{Before}mx: {text}\r\n{rest}";
                byte[] bytes = Encoding.UTF8.GetBytes(file);

                bool inChars = Policy.TryParse(file, out Policy? ofChars, out ParseError charError);
                bool inBytes = Policy.TryParse(bytes, out Policy? ofBytes, out ParseError byteError);

                bool isRight = isPattern
                    ? inChars && inBytes && IsThat(ofChars!) && IsThat(ofBytes!)
                    : !inChars && !inBytes
                        && (charError.Code, charError.Offset) == expected && (byteError.Code, byteError.Offset) == expected;
                Assert.True(isRight, $"{text}, then {rest}: {error.Code}, in a file {charError} {byteError}");
            }

            bool IsThat(Policy policy) => policy.Mx.Count == 1 && policy.Mx[0] == pattern && policy.Deviations is Deviations.None;
        }
    }

    [Theory]
    [InlineData("\n", ParseErrorCode.None, Deviations.None)]
    [InlineData("\r\n", ParseErrorCode.None, Deviations.None)]
    [InlineData(" \n", ParseErrorCode.None, Deviations.None)]
    [InlineData("\t \r\n", ParseErrorCode.None, Deviations.None)]
    [InlineData(".\n", ParseErrorCode.None, Deviations.TrailingDot)]
    [InlineData(". \r\n", ParseErrorCode.None, Deviations.TrailingDot)]
    [InlineData("\n\n", ParseErrorCode.None, Deviations.BlankLine)]
    [InlineData("\r\n\r\n", ParseErrorCode.None, Deviations.BlankLine)]
    [InlineData("\r", ParseErrorCode.ControlCharacter, Deviations.None)]
    [InlineData("\r\r\n", ParseErrorCode.ControlCharacter, Deviations.None)]
    [InlineData("\r \n", ParseErrorCode.ControlCharacter, Deviations.None)]
    [InlineData("\n\r", ParseErrorCode.ControlCharacter, Deviations.None)]
    [InlineData("\0\n", ParseErrorCode.ControlCharacter, Deviations.None)]
    [InlineData("\u010A\n", ParseErrorCode.NonAsciiName, Deviations.None)] // the lower byte is 0x0A
    [InlineData("\u010A", ParseErrorCode.NonAsciiName, Deviations.None)]
    [InlineData("\u000D\u010A", ParseErrorCode.ControlCharacter, Deviations.None)]
    [InlineData("..\n", ParseErrorCode.TrailingDot, Deviations.None)]
    [InlineData(" .\n", ParseErrorCode.InvalidNameCharacter, Deviations.None)]
    [InlineData("-\n", ParseErrorCode.MisplacedHyphen, Deviations.None)]
    [InlineData(":25\n", ParseErrorCode.InvalidNameCharacter, Deviations.None)]
    [InlineData(", b.example\n", ParseErrorCode.InvalidNameCharacter, Deviations.None)]
    [InlineData(" # mail\n", ParseErrorCode.InvalidNameCharacter, Deviations.None)]
    public void Parse_EndOfAnMxLine_DoesNotDependOnTheNextLine(string end, ParseErrorCode code, Deviations deviations)
    {
        string[] patterns =
            ["a.example", "*.b.example", "fifteen.example", "mail-1.location-7.example.com", "*.a-label-of-some-length.example.net"];
        string[] rests =
            ["", "x:y", $"x: {new string('y', 80)}\r\n", "mx: c.example\nx: y", "mx: c.example\nmx: d.example\nmx: e.example\n"];
        foreach (string pattern in patterns)
        {
            foreach (string rest in rests)
            {
                Parsed<Policy> parsed = ParseRoutes.Policy.Run($"{Head}mx: {pattern}{end}{rest}");

                parsed.Error.Code.Should().Be(code);
                if (code is ParseErrorCode.None)
                {
                    parsed.Value!.Mx[1].Should().Be(MxPattern.Parse(pattern));
                    parsed.Value.Deviations.Should().Be(deviations);
                }
                else
                {
                    parsed.Error.Line.Should().Be(Head.Count(static c => c is '\n') + (end[0] is '\n' ? 2 : 1));
                }
            }
        }
    }

    // The parser rents its buffer: a large file must not allocate a new one, whether it is accepted or rejected.
    [Theory]
    [InlineData("", 65_536 * 115 / 100)]
    [InlineData("bad", 1024)]
    public void Parse_LargeFileAgain_AllocatesNoMoreThanItsPatterns(string lastLine, long limit)
    {
        StringBuilder text = new(Head);
        while (text.Length < Policy.MaxSize - 100)
        {
            text.Append("mx: mail.example.com\n");
        }

        byte[] file = Encoding.UTF8.GetBytes(text.Append(lastLine).ToString());
        long least = long.MaxValue;
        for (int i = 0; i < 10; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            bool accepted = Policy.TryParse(file, out _);
            bool acceptedAgain = Policy.TryParse(file, out _, out _);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            (accepted, acceptedAgain).Should().Be((lastLine.Length == 0, lastLine.Length == 0));
        }

        least.Should().BeLessThanOrEqualTo(2 * limit);
    }

    [Theory]
    [MemberData(nameof(Fillings))]
    public void Parse_65536Bytes_IsAcceptedAndOneMoreIsRejected(string before, string unit)
    {
        int count = (Policy.MaxSize - Encoding.UTF8.GetByteCount(before)) / Encoding.UTF8.GetByteCount(unit);
        string text = before + string.Concat(Enumerable.Repeat(unit, count));
        text += new string('\n', Policy.MaxSize - Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetByteCount(text).Should().Be(65_536);

        ParseRoutes.Policy.Run(text).IsValid.Should().BeTrue();

        Parsed<Policy> larger = ParseRoutes.Policy.Run(text + "\n");
        (larger.Error.Code, larger.Error.Line, larger.Error.Offset).Should().Be((ParseErrorCode.TooLarge, 1, 0));
        larger.ErrorInBytes.Should().Be(larger.Error);
        larger.Error.ToString().Should().Contain(", found more than 65536 bytes (");
    }

    [Theory]
    [InlineData('\0', ParseErrorCode.ControlCharacter)]
    [InlineData('\r', ParseErrorCode.ControlCharacter)]
    [InlineData(':', ParseErrorCode.InvalidFieldName)]
    [InlineData('a', ParseErrorCode.MissingSeparator)]
    [InlineData(' ', ParseErrorCode.MissingVersion)]
    [InlineData('\n', ParseErrorCode.MissingVersion)]
    public void Parse_OneCharacterRepeated_HasTheSameErrorUpToTheLimit(char c, ParseErrorCode code)
    {
        for (int length = 1; length <= Policy.MaxSize; length *= 4)
        {
            ParseRoutes.Policy.Run(new string(c, length)).Error.Code.Should().Be(code);
        }

        ParseRoutes.Policy.Run(new string(c, Policy.MaxSize + 1)).Error.Code.Should().Be(ParseErrorCode.TooLarge);
        ParseRoutes.Policy.Run(new string(c, 10 * Policy.MaxSize)).Error.Code.Should().Be(ParseErrorCode.TooLarge);
    }

    [Fact]
    public void Parse_65537BytesThatAreNotUtf8_IsTooLarge()
    {
        byte[] bytes = new byte[Policy.MaxSize + 1];
        bytes.AsSpan().Fill(0xFF);

        ParseRoutes.Policy.Run(bytes).Error.Code.Should().Be(ParseErrorCode.TooLarge);
        ParseRoutes.Policy.Run(bytes[1..]).Error.Code.Should().Be(ParseErrorCode.InvalidEncoding);
    }

    // The byte count of 720 million characters may overflow an int, so a text with too many characters is not counted.
    [Fact]
    public void TryParse_MoreCharactersThanTheByteLimit_IsTooLargeWithoutCounting()
    {
        Policy.TryParse(new string('\u20AC', Policy.MaxSize + 1), out _, out ParseError error).Should().BeFalse();
        error.ToString().Should().StartWith("line 1, offset 0: expected a policy of at most 65536 bytes, found more than 65536 bytes (");
    }

    [Fact]
    public void Parse_ThousandsOfExtensions_KeepsTheFirstOfEachName()
    {
        string fields = string.Concat(Enumerable.Range(0, 6_000).Select(static i => $"f{i % 3_000}:{i}\n"));

        Policy policy = ParseRoutes.Policy.Run(Head + fields).Value!;

        Assert.Equal(Enumerable.Range(0, 3_000).Select(static i => KeyValuePair.Create($"f{i}", $"{i}")), policy.Extensions);
    }

    [Fact]
    public void Parse_Null_Throws()
    {
        Assert.Throws<ArgumentNullException>(static () => { _ = Policy.Parse(null!); });
        Policy.TryParse(null, out Policy? policy).Should().BeFalse();
        policy.Should().BeNull();
        Policy.TryParse(null, out policy, out ParseError error).Should().BeFalse();
        policy.Should().BeNull();
        error.Code.Should().Be(ParseErrorCode.MissingVersion, "null is rejected like an empty text");
        AnyParsable.TryParse(null, out policy).Should().BeFalse();
        policy.Should().BeNull();
        Assert.Throws<ArgumentNullException>(static () => { _ = AnyParsable.Parse<Policy>(null!); });
    }

    [Theory]
    [InlineData("", ParseErrorCode.None)] // the line end may be missing
    [InlineData("m", ParseErrorCode.MissingSeparator)]
    [InlineData("mx", ParseErrorCode.MissingSeparator)]
    [InlineData("mx:", ParseErrorCode.EmptyName)]
    [InlineData("mx: ", ParseErrorCode.EmptyName)]
    [InlineData("mx: b", ParseErrorCode.None)]
    [InlineData("mx: b.", ParseErrorCode.None)]
    [InlineData("mx: *", ParseErrorCode.MisplacedWildcard)]
    [InlineData("mx: *.", ParseErrorCode.EmptyName)]
    [InlineData("mx: *.b", ParseErrorCode.None)]
    public void Parse_TruncatedLastLine_IsParsedLikeAnyLine(string lastLine, ParseErrorCode expected)
    {
        ParseRoutes.Policy.Run(Head + lastLine).Error.Code.Should().Be(expected);
        ParseRoutes.Policy.Run($"\uFEFF{Head}{lastLine}").Error.Code.Should().Be(expected);
    }

    [Theory]
    [InlineData("version:STSv1\nmode:none\nmax_age:0", "version: STSv1\r\nmode: none\r\nmax_age: 0\r\n")]
    [InlineData(
        "max_age: 007\nz: é \nmx: *.B.example.\nmode: testing\ny:  x\nmx: A\nversion: STSv1\nz: 2",
        "version: STSv1\r\nmode: testing\r\nmx: *.b.example\r\nmx: a\r\nmax_age: 7\r\nz: é\r\ny: x\r\n")]
    [InlineData(
        "version: STSv1\nmode: enforce\nmx: a\nmax_age: 9999999999",
        "version: STSv1\r\nmode: enforce\r\nmx: a\r\nmax_age: 31557600\r\n")]
    public void ToString_IsTheCanonicalFile(string text, string canonical)
    {
        Policy policy = ParseRoutes.Policy.Run(text).Value!;

        policy.ToString().Should().Be(canonical);
        Formatting.Check(policy, canonical, -1, fits: false);
        Formatting.Check(policy, canonical, 0, fits: true);
        Formatting.Check(policy, canonical, 1, fits: true);
    }

    // A file at the size limit has no room for the spaces and carriage returns of the canonical form.
    [Fact]
    public void ToString_FullFile_IsCompact()
    {
        const string Start = "version:STSv1\nmode:enforce\nmax_age:1\nx:é";
        int count = (Policy.MaxSize - Encoding.UTF8.GetByteCount(Start)) / "\nmx:a".Length;
        string text = Start + string.Concat(Enumerable.Repeat("\nmx:a", count));
        text += new string('b', Policy.MaxSize - Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetByteCount(text).Should().Be(65_536);

        Policy policy = ParseRoutes.Policy.Run(text).Value!;

        policy.Deviations.Should().Be(Deviations.None);
        policy.Mx.Should().HaveCount(count);
        string compact = policy.ToString();
        Encoding.UTF8.GetByteCount(compact).Should().Be(65_536);
        compact.Should().StartWith("version:STSv1\nmode:enforce\nmx:a\nmx:a\n").And.EndWith("\nmax_age:1\nx:é");
        Formatting.Check(policy, compact, -1, fits: false);
        Formatting.Check(policy, compact, 0, fits: true);
        Formatting.Check(policy, compact, 1, fits: true);
    }

    [Fact]
    public void ToString_CanonicalFormAtTheLimit_IsTheLargestThatIsNotCompact()
    {
        const string Start = "version: STSv1\r\nmode: enforce\r\nmx: a\r\nmax_age: 1\r\nx: ";
        string canonical = Start + new string('y', Policy.MaxSize - Start.Length - 2) + "\r\n";
        string longer = Start + new string('y', Policy.MaxSize - Start.Length - 1);

        Policy.Parse(canonical).ToString().Should().Be(canonical).And.HaveLength(65_536);
        string compact = longer.Replace(": ", ":", StringComparison.Ordinal).Replace("\r\n", "\n", StringComparison.Ordinal);
        Policy.Parse(longer).ToString().Should().Be(compact);
    }

    [Theory]
    [InlineData(PolicyMode.None, 0, "")]
    [InlineData(PolicyMode.None, 1, "a")]
    [InlineData(PolicyMode.Testing, 31_557_600, "*.example.com a a")]
    [InlineData(PolicyMode.Enforce, 604_800, "A.Example *.B.example")]
    public void Constructor_Parts_EqualsTheParsedPolicy(PolicyMode mode, int maxAge, string mx)
    {
        string[] patterns = mx.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string mxLines = string.Concat(patterns.Select(static p => $"mx: {p}\n"));
        string text = $"version: STSv1\nmode: {mode.ToString().ToLowerInvariant()}\nmax_age: {maxAge}\n{mxLines}";

        Policy policy = new(mode, TimeSpan.FromSeconds(maxAge), patterns.Select(MxPattern.Parse));

        policy.Mode.Should().Be(mode);
        policy.MaxAge.TotalSeconds.Should().Be(maxAge);
        policy.Mx.Should().Equal(patterns.Select(MxPattern.Parse));
        policy.Extensions.Should().BeEmpty();
        policy.Deviations.Should().Be(Deviations.None);
        ParseRoutes.Policy.Same(policy, ParseRoutes.Policy.Run(text).Value!).Should().BeTrue();
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    public void Constructor_UnknownMode_Throws(int mode) =>
        Assert.Throws<ArgumentOutOfRangeException>(nameof(mode), () => new Policy((PolicyMode)mode, TimeSpan.Zero, [MxPattern.Parse("a")]));

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(TimeSpan.TicksPerSecond - 1)]
    [InlineData((31_557_600 * TimeSpan.TicksPerSecond) + 1)]
    [InlineData(31_557_601 * TimeSpan.TicksPerSecond)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public void Constructor_AgeOutOfRangeOrFractional_Throws(long ticks) =>
        Assert.Throws<ArgumentOutOfRangeException>(
            "maxAge", () => new Policy(PolicyMode.Enforce, TimeSpan.FromTicks(ticks), [MxPattern.Parse("a")]));

    [Fact]
    public void Constructor_InvalidPatterns_Throws()
    {
        Assert.Throws<ArgumentNullException>("mx", static () => new Policy(PolicyMode.Enforce, TimeSpan.Zero, null!));
        Assert.Throws<ArgumentNullException>("mx", static () => new Policy(PolicyMode.None, TimeSpan.Zero, null!));
        Assert.Throws<ArgumentException>("mx", static () => new Policy(PolicyMode.Enforce, TimeSpan.Zero, []));
        Assert.Throws<ArgumentException>("mx", static () => new Policy(PolicyMode.Testing, TimeSpan.Zero, []));
        Assert.Throws<ArgumentException>("mx", static () => new Policy(PolicyMode.None, TimeSpan.Zero, [MxPattern.Parse("a"), default]));
    }

    [Fact]
    public void Constructor_LargestFile_IsAcceptedAndOneByteMoreThrows()
    {
        // 33 bytes for "version:STSv1", "\nmode:none" and "\nmax_age:0", 65,495 for 13,099 "\nmx:a", 8 for "\nmx:bbbb".
        MxPattern[] largest = [.. Enumerable.Repeat(MxPattern.Parse("a"), 13_099), MxPattern.Parse("bbbb")];

        Policy policy = new(PolicyMode.None, TimeSpan.Zero, largest);

        policy.ToString().Should().HaveLength(65_536);
        ParseRoutes.Policy.Same(policy, ParseRoutes.Policy.Run(policy.ToString()).Value!).Should().BeTrue();
        Assert.Throws<ArgumentException>("mx", () => new Policy(PolicyMode.None, TimeSpan.FromSeconds(10), largest));
        Assert.Throws<ArgumentException>("mx", () => new Policy(PolicyMode.Testing, TimeSpan.Zero, largest));
        Assert.Throws<ArgumentException>("mx", () => new Policy(PolicyMode.None, TimeSpan.Zero, [.. largest, .. largest]));
        MxPattern longest = MxPattern.Parse(MxPatternTests.Name253);
        Assert.Throws<ArgumentException>(
            "mx", () => new Policy(PolicyMode.None, TimeSpan.Zero, Enumerable.Repeat(longest, 1_000)));
    }

    [Theory]
    [InlineData("version: STSv1\nmode: testing\nmx: a.example\nmx: *.b\nmax_age: 86400\nx: 1\ny: 2")]
    [InlineData("version: STSv1\nmode: enforce\nmx: a.example\nmx: *.b\nmax_age: 86401\nx: 1\ny: 2")]
    [InlineData("version: STSv1\nmode: enforce\nmx: *.b\nmx: a.example\nmax_age: 86400\nx: 1\ny: 2")]
    [InlineData("version: STSv1\nmode: enforce\nmx: a.example\nmx: b\nmax_age: 86400\nx: 1\ny: 2")]
    [InlineData("version: STSv1\nmode: enforce\nmx: a.example\nmax_age: 86400\nx: 1\ny: 2")]
    [InlineData("version: STSv1\nmode: enforce\nmx: a.example\nmx: *.b\nmx: *.b\nmax_age: 86400\nx: 1\ny: 2")]
    [InlineData("version: STSv1\nmode: enforce\nmx: a.examplea\nmx: *.b\nmax_age: 86400\nx: 1\ny: 2")]
    [InlineData("version: STSv1\nmode: enforce\nmx: a.example\nmx: *.b\nmax_age: 86400\ny: 2\nx: 1")]
    [InlineData("version: STSv1\nmode: enforce\nmx: a.example\nmx: *.b\nmax_age: 86400\nx: 1\ny: 3")]
    [InlineData("version: STSv1\nmode: enforce\nmx: a.example\nmx: *.b\nmax_age: 86400\nx: 1\nY: 2")]
    [InlineData("version: STSv1\nmode: enforce\nmx: a.example\nmx: *.b\nmax_age: 86400\nx: 1")]
    public void Equals_Different_IsFalse(string other)
    {
        Policy policy = Policy.Parse("version: STSv1\nmode: enforce\nmx: a.example\nmx: *.b\nmax_age: 86400\nx: 1\ny: 2");

        (policy == Policy.Parse(other)).Should().BeFalse();
        (policy != Policy.Parse(other)).Should().BeTrue();
        policy.Equals((object)Policy.Parse(other)).Should().BeFalse();
    }

    [Fact]
    public void Equals_NullOrOtherType_IsFalse()
    {
        Policy policy = Policy.Parse(Head);
        Policy? none = null;

        policy.Equals(none).Should().BeFalse();
        policy.Equals((object)Head).Should().BeFalse();
        (policy == none).Should().BeFalse();
        (none == policy).Should().BeFalse();
        (none == null).Should().BeTrue();
        (none != policy).Should().BeTrue();
    }

    [Fact]
    public void Mx_IsAListInFileOrder()
    {
        MxPatternList list = Policy.Parse(Head + "mx: *.b\nmx: a.example").Mx;
        MxPattern[] expected = [MxPattern.Parse("a.example"), MxPattern.Parse("*.b"), MxPattern.Parse("a.example")];
        List<MxPattern> walked = [];
        foreach (MxPattern pattern in list)
        {
            walked.Add(pattern);
        }

        walked.Should().Equal(expected);
        ((IEnumerable<MxPattern>)list).Should().Equal(expected);
        ((System.Collections.IEnumerable)list).Cast<object>().Should().Equal(expected.Cast<object>());
        list.Should().HaveCount(3);
        list[2].Should().Be(expected[2]);
        Assert.Throws<ArgumentOutOfRangeException>("index", () => list[-1]);
        Assert.Throws<ArgumentOutOfRangeException>("index", () => list[3]);
        Assert.Throws<ArgumentOutOfRangeException>("index", () => list[int.MinValue]);
    }

    [Fact]
    public void Mx_Enumerator_EndsAndCanBeReset()
    {
        MxPatternList.Enumerator enumerator = Policy.Parse(Head).Mx.GetEnumerator();

        (enumerator.MoveNext(), enumerator.MoveNext(), enumerator.MoveNext()).Should().Be((true, false, false));
        enumerator.Reset();
        enumerator.MoveNext().Should().BeTrue();
        enumerator.Current.Should().Be(MxPattern.Parse("a.example"));
    }

    [Fact]
    public void Mx_Equality_ComparesPatternsInOrder()
    {
        MxPatternList list = Policy.Parse(Head + "mx: *.b").Mx;
        MxPatternList same = new Policy(PolicyMode.None, TimeSpan.Zero, [MxPattern.Parse("A.example"), MxPattern.Parse("*.B")]).Mx;
        MxPatternList turned = new Policy(PolicyMode.None, TimeSpan.Zero, list.Reverse()).Mx;
        MxPatternList empty = Policy.Parse("version: STSv1\nmode: none\nmax_age: 1").Mx;

        (list == same).Should().BeTrue();
        list.GetHashCode().Should().Be(same.GetHashCode());
        list.Equals((object)same).Should().BeTrue();
        (list != turned).Should().BeTrue();
        (list == empty).Should().BeFalse();
        list.Equals("a.example").Should().BeFalse();
        (empty == default).Should().BeTrue();
        default(MxPatternList).Should().BeEmpty();
        Assert.Throws<ArgumentOutOfRangeException>("index", static () => default(MxPatternList)[0]);
    }

    [Fact]
    public void GetHashCode_DifferentPatterns_RarelyCollide()
    {
        Policy[] policies = [.. Enumerable.Range(0, 1_000).Select(static i => Policy.Parse($"{Head}mx: mx{i}.example\n"))];

        policies.Select(static policy => policy.GetHashCode()).Distinct().Count().Should().BeGreaterThan(990);
        policies.Select(static policy => policy.Mx.GetHashCode()).Distinct().Count().Should().BeGreaterThan(990);
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void TryMatch_SeveralMatch_ReturnsTheFirstInFileOrder(string[] mx, string host, string first)
    {
        string[] others = [.. Enumerable.Range(0, 20).Select(static i => $"other{i}.test")];
        string[][] lists = [mx, [.. others, .. mx], [.. mx, .. others], [.. mx[..1], .. others, .. mx[1..]], [.. others, .. mx, .. mx]];

        foreach (string[] list in lists)
        {
            Policy policy = Policy.Parse($"version: STSv1\nmode: none\nmax_age: 1\n{string.Concat(list.Select(static p => $"mx: {p}\n"))}");
            policy.TryMatch(host, out MxPattern pattern).Should().BeTrue();
            pattern.ToString().Should().Be(first);
        }
    }

    // Lists of up to 40 patterns: short ones are scanned, longer ones are indexed.
    [Fact]
    public void TryMatch_ListsOfEachLength_AgreesWithEachPattern()
    {
        Random random = new(8461);
        string[] labels = ["a", "B", "mail", "x-1"];
        for (int round = 0; round < 2_000; round++)
        {
            MxPattern[] patterns =
            [
                .. Enumerable.Range(0, random.Next(1, 41))
                    .Select(_ => MxPattern.Parse((random.Next(3) == 0 ? "*." : "") + Name(random.Next(1, 4)))),
            ];
            Policy policy = new(PolicyMode.Testing, TimeSpan.Zero, patterns);
            Policy withExtension = Policy.Parse($"{policy}x: 1\n");
            for (int i = 0; i < 5; i++)
            {
                string host = Name(random.Next(1, 5)) + (random.Next(4) == 0 ? "." : "");
                MxPattern expected = patterns.FirstOrDefault(pattern => pattern.Matches(host));

                policy.TryMatch(host, out MxPattern found).Should().Be(expected != default, "{0} in {1}", host, policy);
                found.Should().Be(expected);
                policy.Matches(host).Should().Be(expected != default);
                withExtension.TryMatch(host, out found).Should().Be(expected != default);
                found.Should().Be(expected);
            }
        }

        string Name(int count) => string.Join('.', Enumerable.Range(0, count).Select(_ => labels[random.Next(labels.Length)]));
    }

    // Valid names of 1 to 70 characters and wildcards, and the same with one or two invalid characters at each index.
    private static IEnumerable<string> NamesWithAFaultAtEachIndex()
    {
        string[] faults =
            ["_", "@", "`", "{", "/", "*", "\0", "\t", "\r", "\u00E1", "\u0141", "\u212A", "\u8041", "..", ".-", "-.", "--", "."];
        for (int length = 1; length <= 70; length++)
        {
            string good = string.Concat(Enumerable.Range(0, length).Select(i =>
                i == length - 1 ? 'n' : (i % 9) switch { 2 => '7', 4 => '.', 6 => '-', _ => (char)('A' + (i % 26)) }));
            foreach (string start in new[] { "", "*." })
            {
                yield return start + good;
                for (int index = 0; index < length; index++)
                {
                    foreach (string fault in faults)
                    {
                        string text = string.Concat(start, good[..index], fault, good[Math.Min(length, index + fault.Length)..]);
                        if (text[0] is not '\t' && text[^1] is not ('.' or '\t' or '\r'))
                        {
                            yield return text; // In a file, outer whitespace and a final dot are not part of the pattern.
                        }
                    }
                }
            }
        }
    }
}
