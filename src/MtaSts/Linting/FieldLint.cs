using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Text;

namespace MtaSts;

/// <summary>Looks at the lines of a policy file, one by one, and notes where what stands.</summary>
/// <param name="findings">Where findings go to.</param>
/// <param name="isPolicy">Whether the file is a policy, and so has all the fields that it needs.</param>
internal sealed class FieldLint(FindingList findings, bool isPolicy)
{
    private static readonly string[] SingleFields = ["version", "mode", "max_age"];
    private static readonly string[] KnownFields = [.. SingleFields, "mx"];
    private static readonly Dictionary<string, byte[]> KnownNames =
        KnownFields.ToDictionary(static name => name, Encoding.ASCII.GetBytes, StringComparer.Ordinal);

    private readonly Dictionary<string, int> _lines = new(StringComparer.Ordinal); // Where a single field stands first.

    public FieldPositions Places { get; } = new();

    public void Check<T>(ReadOnlySpan<T> text)
        where T : unmanaged, IBinaryInteger<T>
    {
        PolicyLines<T> lines = new(text);
        if (lines.HasByteOrderMark)
        {
            AddDeviation(Deviations.ByteOrderMark, new(Line: 1, Offset: 0));
        }

        while (lines.MoveNext())
        {
            PolicyLine<T> line = lines.Current;
            if (line.Deviation is not Deviations.None)
            {
                AddDeviation(line.Deviation, line.DeviationPlace);
            }

            if (line.IsField)
            {
                CheckField(line);
            }
        }
    }

    /// <summary>Adds the finding of one deviation.</summary>
    public void AddDeviation(Deviations deviation, TextPosition place)
    {
        (FindingCode code, string message) = deviation switch
        {
            Deviations.ByteOrderMark => (FindingCode.ByteOrderMark, "A byte order mark stands at the start. Save the file as UTF-8 without one"),
            Deviations.BlankLine => (FindingCode.BlankLine, "A line is blank. Remove it"),
            Deviations.Whitespace => (FindingCode.Whitespace, "Blanks stand before a field's name or before its colon. Remove them"),
            Deviations.Comment => (FindingCode.Comment, "A line is a comment, which a policy file does not have. Remove it"),
            Deviations.TrailingDot => (FindingCode.TrailingDot, "An mx value ends with a dot. Remove the dot"),
            Deviations.MaxAgeCapped => (FindingCode.MaxAgeCapped, "The max_age is over the maximum. Set it to 31557600, a year, or less"),
            _ => throw new ArgumentOutOfRangeException(nameof(deviation), deviation, "There is no such single deviation."),
        };
        findings.Add(code, Severity.Warning, $"{message}: senders that go by the letter refuse the whole policy (RFC 8461, section 3.2).", place);
    }

    private void CheckField<T>(PolicyLine<T> field)
        where T : unmanaged, IBinaryInteger<T>
    {
        string name = CodeUnits.ToString(field.Name);
        if (!isPolicy && KnownFields.Contains(name))
        {
            CheckForFurtherField(name, field);
        }

        if (name is "mx")
        {
            CheckMx(field);
        }
        else if (SingleFields.Contains(name))
        {
            CheckSingle(name, field);
        }
        else if (FindIntended(name) is { } intended)
        {
            findings.Add(
                FindingCode.MisspelledField,
                Severity.Warning,
                $"The field \"{name}\" means nothing, and senders ignore it. If \"{intended}\" is meant, write it so, in lower case (RFC 8461, section 3.2).",
                field.NamePlace);
        }
    }

    /// <summary>Looks for a known field within the value of another, as in a file that has all fields on one line.</summary>
    private void CheckForFurtherField<T>(string name, PolicyLine<T> field)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (TryFindField(field.Value, out string? further, out int start))
        {
            findings.Add(
                FindingCode.SeveralFieldsOnLine,
                Severity.Error,
                $"The field \"{further}\" is on the same line as \"{name}\". Put each field on a line of its own (RFC 8461, section 3.2).",
                field.ValuePlace with { Offset = field.ValuePlace.Offset + start });
        }
    }

    private void CheckMx<T>(PolicyLine<T> field)
        where T : unmanaged, IBinaryInteger<T>
    {
        Places.AddMx(field.ValuePlace);

        // The dot of "*." is not that of the root.
        if (field.Value.Length > 1 && CodeUnits.Is(field.Value[^1], '.') && !CodeUnits.Is(field.Value[^2], '*'))
        {
            AddDeviation(Deviations.TrailingDot, field.ValuePlace with { Offset = field.ValuePlace.Offset + field.Value.Length - 1 });
        }
    }

    private void CheckSingle<T>(string name, PolicyLine<T> field)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (!_lines.TryAdd(name, field.NamePlace.Line))
        {
            findings.Add(
                FindingCode.DuplicateField,
                Severity.Warning,
                $"This \"{name}\" is ignored: the one on line {_lines[name]} counts. Keep the one that is meant (RFC 8461, section 3.2).",
                field.NamePlace);
        }
        else if (name is "mode")
        {
            Places.Mode = field.ValuePlace;
        }
        else if (name is "max_age")
        {
            Places.MaxAge = field.ValuePlace;
        }
    }

    private static bool TryFindField<T>(ReadOnlySpan<T> text, [NotNullWhen(true)] out string? name, out int start)
        where T : unmanaged, IBinaryInteger<T>
    {
        for (int colon = 0; colon < text.Length; colon++)
        {
            if (!CodeUnits.Is(text[colon], ':'))
            {
                continue;
            }

            int end = colon;
            while (end > 0 && CodeUnits.IsBlank(text[end - 1]))
            {
                end--;
            }

            foreach (string known in KnownFields)
            {
                start = end - known.Length;
                if (start >= 0 && CodeUnits.Is(text[start..end], KnownNames[known]) && CanStartName(text, start))
                {
                    name = known;
                    return true;
                }
            }
        }

        (name, start) = (null, 0);
        return false;
    }

    // After what no name holds, or after the n of a \n that was meant for the end of a line.
    private static bool CanStartName<T>(ReadOnlySpan<T> text, int start)
        where T : unmanaged, IBinaryInteger<T> =>
        start == 0
        || CharacterSet.FieldName.PrefixLength(text[(start - 1)..start]) == 0
        || (start > 1 && CodeUnits.Is(text[start - 1], 'n') && CodeUnits.Is(text[start - 2], '\\'));

    /// <summary>The known field that a name, which is none, looks like; or null.</summary>
    private string? FindIntended(string name)
    {
        byte[] lower = Encoding.ASCII.GetBytes(name.ToLowerInvariant());
        string? intended = null;
        int fewest = int.MaxValue;
        foreach (string known in KnownFields)
        {
            int limit = known switch
            {
                "version" or "max_age" => 2,
                "mode" when isPolicy => 0, // It has its mode, and there are words of one letter's difference.
                _ => 1,
            };
            int edits = EditDistance.Count(lower, Encoding.ASCII.GetBytes(known), limit);
            if (edits <= limit && edits < fewest)
            {
                (intended, fewest) = (known, edits);
            }
        }

        return intended;
    }
}
