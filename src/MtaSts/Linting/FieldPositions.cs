namespace MtaSts.Linting;

/// <summary>
/// Represents the positions of the values of a policy in its file. Without the file, all are <c>default</c>.
/// </summary>
internal sealed class FieldPositions
{
    private readonly List<TextPosition> _mx = [];

    public TextPosition Mode { get; set; }

    public TextPosition MaxAge { get; set; }

    public void AddMx(TextPosition position) => _mx.Add(position);

    /// <summary>Returns the position of a pattern, by its index in <see cref="Policy.Mx"/>.</summary>
    public TextPosition Mx(int index) => index < _mx.Count ? _mx[index] : default;
}
