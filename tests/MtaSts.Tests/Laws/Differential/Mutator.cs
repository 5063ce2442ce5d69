using System.Text;

namespace MtaSts.Tests.Differential;

/// <summary>Mutates valid texts into near misses.</summary>
internal static class Mutator
{
    // Texts that have broken parsers before, or would break one that uses Unicode rules, C strings or loose patterns.
    private static readonly byte[][] HostilePieces =
    [
        .. new[]
        {
            // line ends, and characters that end no line
            "\0", "\r", "\n", "\t", " ", "  ", "\v", "\f", "\u007F", "\r\n", "\n\r", "\r\r\n", "\n\n", "\r\n\r\n",

            // delimiters of fields
            ":", "::", ": ", " :", ";", ";;", " ; ", "=", "#", " # ", "\n#", "\n #c\t\n", ",", "\"", "'", "%", "\\", "/", "@", "[", "]",

            // characters of names and numbers
            ".", "..", "-", "*", "*.", ".*", "_", "+", "?", "0", "9", "12",

            // Unicode whitespace, invisible characters and limits of encodings
            "\uFEFF", "\u0080", "\u0085", "\u00A0", "\u00AD", "\u2028", "\u2029", "\u3000", "\u3002", "\u200B", "\uFFFF",
            "\U0001F4E7", "\U0010FFFF",

            // letters and digits of other scripts that fold to ASCII or look like it
            "\u212A", "\u017F", "\u0131", "\u00DF", "\uFF4D", "\u0661",

            // names and values
            "xn--", "xn--bcher-kva", "b\u00FCcher", "[192.0.2.1]", "192.0.2.1", "mail_1", "-a", "a-", "localhost", "example.com", "MX",
            "version: STSv1\n", "mode: enforce\n", "mode: none\n", "max_age: 31557601\n", "mx: *.example.org.\n", "\nmx: a\n", "mx:",
            "Mode", "VERSION", "STSv2", "stsv1", "STSV1",
            "enforced", "Testing", "NONE", "report", "31557600", "31557601", "4294967296", "9999999999", "99999999999", "0000000000",
            "+1", "-1", "1.0", "1e3",
            "v=STSv1", "v=STSv1;", "V=STSv1;", "id=", "id=a;", "ID=1;", "a=b;", "x.y-z_1=!~;", "=;", "a==b",
            new string('a', 31), new string('a', 32), new string('a', 33), new string('a', 62), new string('a', 63), new string('a', 64),
            string.Join('.', Enumerable.Repeat(new string('a', 49), 5)), string.Join('.', Enumerable.Repeat("a", 127)),
            new string('1', 10), new string(' ', 70),
        }.Select(Encoding.UTF8.GetBytes),
        [0xC0, 0x80], // NUL, overlong
        [0xC0, 0xAE], // a dot, overlong
        [0xC1, 0xBF],
        [0xE0, 0x80, 0xAE], // a dot in three bytes, overlong
        [0xE0, 0x9F, 0xBF],
        [0xF0, 0x80, 0x80, 0xAF],
        [0xF0, 0x8F, 0xBF, 0xBF],
        [0xED, 0xA0, 0x80], // half of a surrogate pair
        [0xED, 0xBF, 0xBF],
        [0xED, 0xA0, 0xBD, 0xED, 0xB3, 0xA7], // a surrogate pair, each half encoded by itself
        [0xF4, 0x90, 0x80, 0x80], // beyond U+10FFFF
        [0xF5], [0xF8], [0xFE], [0xFF], [0x80], [0xBF], // never valid in UTF-8 here
        [0xC3], [0xE2, 0x80], [0xF0, 0x9F, 0x93], // truncated
        [0xFF, 0xFE], [0xFE, 0xFF], // UTF-16
    ];

    /// <summary>Creates a near miss of a valid text: up to three mutations, and none in every fifth.</summary>
    public static byte[] NearMiss(Random random, byte[] good, Func<byte[]> another)
    {
        List<byte> text = [.. good];
        for (int left = random.Next(5) switch { 0 => 0, 1 or 2 => 1, 3 => 2, _ => 3 }; left > 0; left--)
        {
            Mutate(random, text, another);
        }

        return [.. text];
    }

    private static void Mutate(Random random, List<byte> text, Func<byte[]> another)
    {
        int at = random.Next(text.Count + 1);
        int length = Math.Min(random.Next(4) == 0 ? random.Next(1, 20) : 1, text.Count - at);
        switch (random.Next(14))
        {
            case 0 or 1: // insert
                text.InsertRange(at, random.GetItems(HostilePieces, 1)[0]);
                break;
            case 2: // replace
                text.RemoveRange(at, length);
                text.InsertRange(at, random.GetItems(HostilePieces, 1)[0]);
                break;
            case 3: // delete
                text.RemoveRange(at, length);
                break;
            case 4: // truncate
                text.RemoveRange(at, random.Next(8) == 0 ? text.Count - at : length);
                break;
            case 5: // duplicate
                text.InsertRange(at, text.GetRange(at, length));
                break;
            case 6 when at + 1 < text.Count: // swap
                (text[at], text[at + 1]) = (text[at + 1], text[at]);
                break;
            case 7 when at < text.Count: // flip a bit, most often the one of letter case
                text[at] ^= (byte)(random.Next(2) == 0 ? 0x20 : 1 << random.Next(8));
                break;
            case 8 when at < text.Count: // another letter or digit
                text[at] = (byte)"azAZ09-.:"[random.Next(9)];
                break;
            default: // lines
                MutateLines(random, text, another);
                break;
        }
    }

    private static void MutateLines(Random random, List<byte> text, Func<byte[]> another)
    {
        List<byte[]> lines = LinesOf([.. text]);
        int from = random.Next(lines.Count);
        int to = random.Next(lines.Count + 1);
        byte[] line = lines[from];
        switch (random.Next(6))
        {
            case 0: // delete
                lines.RemoveAt(from);
                break;
            case 1: // duplicate
                lines.Insert(to, line);
                break;
            case 2: // move
                lines.RemoveAt(from);
                lines.Insert(Math.Min(to, lines.Count), line);
                break;
            case 3: // splice in a line of another text
                List<byte[]> others = LinesOf(another());
                lines.Insert(to, others[random.Next(others.Count)]);
                break;
            case 4: // the other line end
                lines[from] = line is [.. var rest, (byte)'\r', (byte)'\n'] ? [.. rest, (byte)'\n']
                    : line is [.. var body, (byte)'\n'] ? [.. body, (byte)'\r', (byte)'\n']
                    : [.. line, (byte)'\n'];
                break;
            default: // a tolerated line
                byte[][] tolerated = [[.. "\n"u8], [.. " \t\r\n"u8], [.. "# c\n"u8], [.. "\t#:\u00E9\n"u8]];
                lines.Insert(to, [.. random.GetItems(tolerated, 1)[0]]);
                break;
        }

        text.Clear();
        text.AddRange(lines.SelectMany(bytes => bytes));
    }

    private static List<byte[]> LinesOf(byte[] text)
    {
        List<byte[]> lines = [];
        for (int start = 0; start < text.Length;)
        {
            int lineFeed = Array.IndexOf(text, (byte)'\n', start);
            int end = lineFeed < 0 ? text.Length : lineFeed + 1;
            lines.Add(text[start..end]);
            start = end;
        }

        return lines.Count > 0 ? lines : [[]];
    }
}
