using System.Numerics;

namespace MtaSts;

/// <summary>What a line of a policy file looks like.</summary>
internal readonly ref struct PolicyLine<T>
    where T : unmanaged, IBinaryInteger<T>
{
    /// <summary>What the form of the line deviates in, its value aside.</summary>
    public Deviations Deviation { get; init; }

    public TextPosition DeviationPlace { get; init; }

    /// <summary>Whether the line is a name, a colon and a value, and the members that follow say something.</summary>
    public bool IsField { get; init; }

    /// <summary>The field's name, which may be empty.</summary>
    public ReadOnlySpan<T> Name { get; init; }

    public TextPosition NamePlace { get; init; }

    /// <summary>The field's value, without the blanks around it.</summary>
    public ReadOnlySpan<T> Value { get; init; }

    public TextPosition ValuePlace { get; init; }
}
