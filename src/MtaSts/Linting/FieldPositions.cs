namespace MtaSts;

/// <summary>Where in its file a policy says what. Without the file, nowhere.</summary>
internal sealed class FieldPositions
{
    private readonly List<TextPosition> _mx = [];

    public TextPosition Mode { get; set; }

    public TextPosition MaxAge { get; set; }

    public void AddMx(TextPosition place) => _mx.Add(place);

    /// <summary>The place of a pattern, by its index in <see cref="Policy.Mx"/>.</summary>
    public TextPosition Mx(int index) => index < _mx.Count ? _mx[index] : default;
}
