using System.Collections.ObjectModel;
using System.Numerics;

namespace MtaSts;

/// <summary>Gathers the fields that the RFC does not know, the first of each name.</summary>
/// <remarks>
/// RFC 8461, Section 3.2: of a field that is duplicated, all entries except for the first are ignored. The names seen are kept in a set,
/// because a text of 64 KiB has room for thousands, chosen by whoever publishes it.
/// </remarks>
internal struct ExtensionList
{
    private const int MaxNameLength = 32;

    private List<KeyValuePair<string, string>>? _fields;
    private HashSet<string>? _names;

    /// <summary>Whether the text, which is made of <see cref="CharacterSet.FieldName"/>, is a name, in a record or in a policy.</summary>
    public static bool IsName<T>(ReadOnlySpan<T> text)
        where T : unmanaged, IBinaryInteger<T> =>
        text.Length is > 0 and <= MaxNameLength && CharacterSet.LetterOrDigit.PrefixLength(text[..1]) == 1;

    public void Add<T>(string name, ReadOnlySpan<T> value)
        where T : unmanaged, IBinaryInteger<T>
    {
        _fields ??= [];
        _names ??= new(StringComparer.Ordinal);
        if (_names.Add(name))
        {
            _fields.Add(new(name, CodeUnits.ToString(value)));
        }
    }

    public readonly ReadOnlyCollection<KeyValuePair<string, string>> ToList() =>
        _fields?.AsReadOnly() ?? ReadOnlyCollection<KeyValuePair<string, string>>.Empty;
}
