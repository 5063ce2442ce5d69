using System.Numerics;

namespace MtaSts.Linting;

/// <summary>Represents a line of a policy file: its deviation and, if it is a field, its name and value.</summary>
internal readonly ref struct PolicyLine<T>
    where T : unmanaged, IBinaryInteger<T>
{
    /// <summary>The deviation of the line, except for those of its value.</summary>
    public Deviations Deviation { get; init; }

    public TextPosition DeviationPosition { get; init; }

    /// <summary>
    /// Indicates whether the line is a name, a colon and a value. Otherwise, the members below are not set.
    /// </summary>
    public bool IsField { get; init; }

    /// <summary>The field's name, which may be empty.</summary>
    public ReadOnlySpan<T> Name { get; init; }

    public TextPosition NamePosition { get; init; }

    /// <summary>The field's value, without the whitespace around it.</summary>
    public ReadOnlySpan<T> Value { get; init; }

    public TextPosition ValuePosition { get; init; }

    /// <summary>Returns the position of a part of the value.</summary>
    public TextPosition PositionInValue(int start) => ValuePosition with { Offset = ValuePosition.Offset + start };
}
