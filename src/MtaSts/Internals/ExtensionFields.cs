using System.Collections.ObjectModel;
using System.Numerics;

namespace MtaSts;

/// <summary>Collects the fields that RFC 8461 does not define, the first of each name.</summary>
/// <remarks>
/// RFC 8461 section 3.2: all entries of a duplicated field except the first are ignored. A set holds the names seen,
/// because a publisher can put thousands of them into 64 KiB.
/// </remarks>
internal struct ExtensionFields
{
    private const int MaxNameLength = 32;

    private List<KeyValuePair<string, string>>? _fields;
    private HashSet<string>? _names;

    /// <summary>
    /// Returns whether a text of <see cref="CharacterSet.FieldName"/> characters is a field name, in a record or in a
    /// policy.
    /// </summary>
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
