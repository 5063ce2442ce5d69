using System.Globalization;
using System.Text.RegularExpressions;

namespace MtaSts.Tests.Model;

/// <summary>Represents a policy file as the model parses it.</summary>
internal sealed record ModelPolicy(
    PolicyMode Mode, long MaxAge, List<string> Mx, List<KeyValuePair<string, string>> Extensions, Deviations Deviations)
{
    /// <summary>The policy's file in canonical form.</summary>
    public string Canonical => string.Concat(
    [
        "version: STSv1\r\n",
        $"mode: {PolicyModel.ModeWords[Mode]}\r\n",
        .. Mx.Select(pattern => $"mx: {pattern}\r\n"),
        string.Create(CultureInfo.InvariantCulture, $"max_age: {MaxAge}\r\n"),
        .. Extensions.Select(pair => $"{pair.Key}: {pair.Value}\r\n"),
    ]);
}

/// <summary>
/// Models RFC 8461, Section 3.2, in two steps: repair the file, noting each deviation, then parse it by the strict
/// grammar.
/// </summary>
internal static partial class PolicyModel
{
    public static readonly Dictionary<PolicyMode, string> ModeWords = new()
    {
        [PolicyMode.Enforce] = "enforce",
        [PolicyMode.Testing] = "testing",
        [PolicyMode.None] = "none",
    };

    private const int MaxOctets = 65_536;
    private const long MaxAgeLimit = 31_557_600;
    private const string LineEnd = @"(?:\r?\n)?";

    public static ModelPolicy? Parse(ModelText text)
    {
        if (text.Octets > MaxOctets)
        {
            return null;
        }

        (string repaired, Deviations met) = Repair(text.Characters);
        ModelPolicy? policy = ParseStrict(repaired);
        if (policy?.MaxAge > MaxAgeLimit)
        {
            met |= Deviations.MaxAgeCapped;
            policy = policy with { MaxAge = MaxAgeLimit };
        }

        return policy is null ? null : policy with { Deviations = met };
    }

    private static (string Text, Deviations Met) Repair(string text)
    {
        Deviations met = Deviations.None;
        text = Without(ByteOrderMark(), text, Deviations.ByteOrderMark);
        string[] lines = [.. Line().Matches(text).Select(match => match.Value)];
        for (int i = 0; i < lines.Length; i++)
        {
            lines[i] = Without(BlankLine(), lines[i], Deviations.BlankLine);
            lines[i] = Without(Comment(), lines[i], Deviations.Comment);
            lines[i] = Without(Indentation(), lines[i], Deviations.Whitespace);
            lines[i] = Without(BlanksBeforeColon(), lines[i], Deviations.Whitespace);
            lines[i] = Without(DotAfterMx(), lines[i], Deviations.TrailingDot);
        }

        return (string.Concat(lines), met);

        string Without(Regex pattern, string part, Deviations deviation)
        {
            string rest = pattern.Replace(part, "");
            met |= rest.Length < part.Length ? deviation : Deviations.None;
            return rest;
        }
    }

    // sts-policy-record = sts-policy-field *WSP *(sts-policy-term sts-policy-field *WSP) [sts-policy-term]
    // sts-policy-term   = LF / CRLF
    private static ModelPolicy? ParseStrict(string text)
    {
        List<string> lines = [.. text.Split('\n')];
        if (lines.Count > 1 && lines[^1].Length == 0)
        {
            lines.RemoveAt(lines.Count - 1);
        }

        // No field contains a CR: only one before an LF is part of a line end. Each line ended with an LF, except the
        // last one of a text without a final LF.
        int ended = text.EndsWith('\n') ? lines.Count : lines.Count - 1;
        Match[] fields = [.. lines.Select((line, i) => Field().Match(i < ended && line.EndsWith('\r') ? line[..^1] : line))];
        if (!Array.TrueForAll(fields, match => match.Success))
        {
            return null;
        }

        (string Name, string Value)[] pairs = [.. fields.Select(match => (match.Groups["name"].Value, match.Groups["value"].Value))];
        string? version = First("version");
        string? mode = First("mode");
        string? maxAge = First("max_age");
        string?[] mx = [.. pairs.Where(pair => pair.Name == "mx").Select(pair => MxModel.ParsePattern(pair.Value))];

        bool valid = version == "STSv1"
            && mode is not null && ModeWords.ContainsValue(mode)
            && maxAge is not null && MaxAge().IsMatch(maxAge)
            && mx.All(pattern => pattern is not null)
            && (mx.Length > 0 || mode == "none");
        return !valid ? null : new(
            ModeWords.Single(word => word.Value == mode).Key,
            long.Parse(maxAge!, CultureInfo.InvariantCulture),
            [.. mx.Select(pattern => pattern!)],
            FieldModel.FirstOfEachBut(pairs, "version", "mode", "max_age", "mx"),
            Deviations.None);

        string? First(string name) => pairs.Where(pair => pair.Name == name).Select(pair => pair.Value).FirstOrDefault();
    }

    // sts-policy-field-delim = ":" *WSP
    [GeneratedRegex(
        $@"\A(?<name>{FieldModel.Name}):{FieldModel.Blanks}(?<value>{FieldModel.PolicyValue}){FieldModel.Blanks}\z",
        RegexOptions.ExplicitCapture,
        FieldModel.TimeoutMilliseconds)]
    private static partial Regex Field();

    [GeneratedRegex(@"\A[0-9]{1,10}\z", RegexOptions.None, FieldModel.TimeoutMilliseconds)]
    private static partial Regex MaxAge();

    [GeneratedRegex(@"[^\n]*\n|[^\n]+", RegexOptions.None, FieldModel.TimeoutMilliseconds)]
    private static partial Regex Line();

    // The deviations that a repair removes.
    [GeneratedRegex(@"\A\uFEFF", RegexOptions.None, FieldModel.TimeoutMilliseconds)]
    private static partial Regex ByteOrderMark();

    [GeneratedRegex($@"\A{FieldModel.Blanks}{LineEnd}\z", RegexOptions.None, FieldModel.TimeoutMilliseconds)]
    private static partial Regex BlankLine();

    [GeneratedRegex($@"\A{FieldModel.Blanks}#{FieldModel.VisibleOrBlank}*{LineEnd}\z", RegexOptions.None, FieldModel.TimeoutMilliseconds)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\A[ \t]+", RegexOptions.None, FieldModel.TimeoutMilliseconds)]
    private static partial Regex Indentation();

    [GeneratedRegex(@"(?<=\A[^ \t:]+)[ \t]+(?=:)", RegexOptions.None, FieldModel.TimeoutMilliseconds)]
    private static partial Regex BlanksBeforeColon();

    [GeneratedRegex($@"(?<=\Amx:.*[^ \t\r])\.(?={FieldModel.Blanks}{LineEnd}\z)", RegexOptions.None, FieldModel.TimeoutMilliseconds)]
    private static partial Regex DotAfterMx();
}
