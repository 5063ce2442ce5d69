namespace MtaSts;

/// <summary>Where in its file a policy says what. Without the file, nowhere.</summary>
internal sealed class PolicyPlaces
{
    private readonly List<TextPlace> _mx = [];

    public TextPlace Mode { get; set; }

    public TextPlace MaxAge { get; set; }

    public void AddMx(TextPlace place) => _mx.Add(place);

    /// <summary>The place of a pattern, by its index in <see cref="Policy.Mx"/>.</summary>
    public TextPlace Mx(int index) => index < _mx.Count ? _mx[index] : default;
}
