namespace Quickstart;

/// <summary>Writes rows of text in aligned columns.</summary>
internal static class Table
{
    private const int Width = 110;
    private const int NarrowestLastColumn = 30;
    private const string Gap = "  ";

    /// <summary>
    /// Writes the rows, with or without a heading. The last column is folded at spaces to limit the length of the
    /// lines.
    /// </summary>
    public static void Write(TextWriter output, IReadOnlyList<string[]> rows)
    {
        int last = rows.Count == 0 ? 0 : rows[0].Length - 1;
        int[] widths = [.. Enumerable.Range(0, last).Select(column => rows.Max(row => row[column].Length))];
        string indent = new(' ', widths.Sum(static width => width + Gap.Length));
        int room = Math.Max(NarrowestLastColumn, Width - indent.Length);
        foreach (string[] row in rows)
        {
            string start = string.Concat(widths.Select((width, column) => row[column].PadRight(width) + Gap));
            foreach (string line in Fold(row[last], room))
            {
                output.WriteLine((start + line).TrimEnd());
                start = indent;
            }
        }
    }

    // A word that is longer than a line has its own line.
    private static List<string> Fold(string text, int room)
    {
        List<string> lines = [];
        string line = "";
        foreach (string word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > room)
            {
                lines.Add(line);
                line = "";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        lines.Add(line);
        return lines;
    }
}
