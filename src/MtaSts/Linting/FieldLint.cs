using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Text;

namespace MtaSts.Linting;

/// <summary>Checks the lines of a policy file one by one and records the positions of its fields.</summary>
/// <param name="findings">The list that receives the findings.</param>
/// <param name="isPolicy">True if the file is a valid policy and so has all required fields; otherwise, false.</param>
internal sealed class FieldLint(FindingList findings, bool isPolicy)
{
    private static readonly Dictionary<string, byte[]> KnownFields = new(StringComparer.Ordinal)
    {
        ["version"] = [.. "version"u8],
        ["mode"] = [.. "mode"u8],
        ["max_age"] = [.. "max_age"u8],
        ["mx"] = [.. "mx"u8],
    };

    private readonly Dictionary<string, int> _firstLines = new(StringComparer.Ordinal); // Of the fields that count once.

    public FieldPositions Positions { get; } = new();

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
                AddDeviation(line.Deviation, line.DeviationPosition);
            }

            if (line.IsField)
            {
                CheckField(line);
            }
        }
    }

    /// <summary>Adds one finding for each deviation of a policy whose text is not available.</summary>
    public void AddDeviations(Deviations deviations)
    {
        foreach (Deviations deviation in Enum.GetValues<Deviations>().Where(one => one is not Deviations.None && deviations.HasFlag(one)))
        {
            AddDeviation(deviation, position: default);
        }
    }

    /// <summary>Adds the finding of one deviation.</summary>
    public void AddDeviation(Deviations deviation, TextPosition position)
    {
        (FindingCode code, string message) = deviation switch
        {
            Deviations.ByteOrderMark => (
                FindingCode.ByteOrderMark, "The file begins with a byte order mark. Save it as UTF-8 without a byte order mark"),
            Deviations.BlankLine => (FindingCode.BlankLine, "A line is blank. Remove it"),
            Deviations.Whitespace => (FindingCode.Whitespace, "A field has whitespace before its name or its colon. Remove it"),
            Deviations.Comment => (FindingCode.Comment, "A line is a comment, which the grammar does not allow. Remove it"),
            Deviations.TrailingDot => (FindingCode.TrailingDot, "An mx value ends with a dot. Remove the dot"),
            Deviations.MaxAgeCapped => (
                FindingCode.MaxAgeCapped, "Expected a max_age of at most 31557600 seconds (a year), found a larger one. Lower it"),
            _ => throw new ArgumentOutOfRangeException(nameof(deviation), deviation, "The value is not a single deviation."),
        };
        findings.AddWarning(code, $"{message}. Strict senders reject the whole policy (RFC 8461 section 3.2).", position);
    }

    private void CheckField<T>(PolicyLine<T> field)
        where T : unmanaged, IBinaryInteger<T>
    {
        string name = CodeUnits.ToString(field.Name);
        if (!KnownFields.ContainsKey(name))
        {
            CheckSpelling(name, field.NamePosition);
            return;
        }

        if (!isPolicy)
        {
            CheckForFurtherField(name, field);
        }

        if (name is "mx")
        {
            CheckMx(field);
        }
        else
        {
            CheckSingle(name, field);
        }
    }

    private void CheckSpelling(string name, TextPosition position)
    {
        if (FindIntended(name) is { } intended)
        {
            findings.AddWarning(
                FindingCode.MisspelledField,
                $"The field \"{name}\" is unknown, and senders ignore it. "
                    + $"If \"{intended}\" is meant, use exactly that name (RFC 8461 section 3.2).",
                position);
        }
    }

    /// <summary>
    /// Finds a known field within the value of another, as in a file that has all fields on one line.
    /// </summary>
    private void CheckForFurtherField<T>(string name, PolicyLine<T> field)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (TryFindField(field.Value, out string? further, out int start))
        {
            findings.AddError(
                FindingCode.SeveralFieldsOnLine,
                $"Expected one field on each line, found \"{further}\" on the same line as \"{name}\". "
                    + "Put each field on its own line (RFC 8461 section 3.2).",
                field.PositionInValue(start));
        }
    }

    private void CheckMx<T>(PolicyLine<T> field)
        where T : unmanaged, IBinaryInteger<T>
    {
        Positions.AddMx(field.ValuePosition);

        // The dot of "*." is not a trailing dot.
        if (field.Value.Length > 1 && CodeUnits.Is(field.Value[^1], '.') && !CodeUnits.Is(field.Value[^2], '*'))
        {
            AddDeviation(Deviations.TrailingDot, field.PositionInValue(field.Value.Length - 1));
        }
    }

    private void CheckSingle<T>(string name, PolicyLine<T> field)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (!_firstLines.TryAdd(name, field.NamePosition.Line))
        {
            findings.AddWarning(
                FindingCode.DuplicateField,
                $"Senders ignore this \"{name}\" and use the one on line {_firstLines[name]}. "
                    + "Keep only the intended one (RFC 8461 section 3.2).",
                field.NamePosition);
        }
        else if (name is "mode")
        {
            Positions.Mode = field.ValuePosition;
        }
        else if (name is "max_age")
        {
            Positions.MaxAge = field.ValuePosition;
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
            while (end > 0 && CodeUnits.IsWhitespace(text[end - 1]))
            {
                end--;
            }

            foreach ((string known, byte[] ascii) in KnownFields)
            {
                start = end - ascii.Length;
                if (start >= 0 && CodeUnits.Is(text[start..end], ascii) && CanStartName(text, start))
                {
                    name = known;
                    return true;
                }
            }
        }

        (name, start) = (null, 0);
        return false;
    }

    // A name starts after a character that names do not have, or after the n of a "\n" that was meant as the end of a
    // line.
    private static bool CanStartName<T>(ReadOnlySpan<T> text, int start)
        where T : unmanaged, IBinaryInteger<T> =>
        start == 0
        || CharacterSet.FieldName.PrefixLength(text[(start - 1)..start]) == 0
        || (start > 1 && CodeUnits.Is(text[start - 1], 'n') && CodeUnits.Is(text[start - 2], '\\'));

    /// <summary>Returns the known field that an unknown name resembles, or null.</summary>
    private string? FindIntended(string name)
    {
        byte[] lower = Encoding.ASCII.GetBytes(name.ToLowerInvariant());
        string? intended = null;
        int fewest = int.MaxValue;
        foreach ((string known, byte[] ascii) in KnownFields)
        {
            int limit = known switch
            {
                "version" or "max_age" => 2,
                "mode" when isPolicy => 0, // A policy has its mode, and some words differ from "mode" by one letter.
                _ => 1,
            };
            int edits = EditDistance.Count(lower, ascii, limit);
            if (edits <= limit && edits < fewest)
            {
                (intended, fewest) = (known, edits);
            }
        }

        return intended;
    }
}
