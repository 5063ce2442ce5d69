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

    private readonly Dictionary<string, int> _lines = new(StringComparer.Ordinal); // Where a single field stands first.

    public PolicyPlaces Places { get; } = new();

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
    public void AddDeviation(Deviations deviation, TextPlace place)
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
        if (TextUnits.Is(field.Name, "mx"u8))
        {
            CheckMx(field);
            return;
        }

        string name = TextUnits.ToString(field.Name);
        if (SingleFields.Contains(name))
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

    private void CheckMx<T>(PolicyLine<T> field)
        where T : unmanaged, IBinaryInteger<T>
    {
        Places.AddMx(field.ValuePlace);

        // The dot of "*." is not that of the root.
        if (field.Value.Length > 1 && TextUnits.Is(field.Value[^1], '.') && !TextUnits.Is(field.Value[^2], '*'))
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
