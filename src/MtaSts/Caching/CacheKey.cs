using System.Runtime.InteropServices;

namespace MtaSts;

/// <summary>The name of a policy domain in an <see cref="InMemoryCache"/>, and when its entry was last used.</summary>
/// <remarks>In one array, because there are hundreds of thousands of them: 32 bits for the use, which does not count for equality, and then the name.</remarks>
internal readonly partial struct CacheKey
{
    private const int NameStart = sizeof(uint);

    private readonly byte[] _data;

    /// <summary>Creates the key of a domain.</summary>
    /// <param name="name">The domain in A-labels and lower case, as ASCII.</param>
    /// <param name="lastUse"><inheritdoc cref="LastUse" path="/summary"/></param>
    public CacheKey(ReadOnlySpan<byte> name, uint lastUse)
    {
        _data = new byte[NameStart + name.Length];
        name.CopyTo(_data.AsSpan(NameStart));
        LastUse = lastUse;
    }

    /// <summary>The domain in A-labels and lower case, as ASCII.</summary>
    public ReadOnlySpan<byte> Name => _data.AsSpan(NameStart);

    /// <summary>When the entry was last stored or read, as a number that grows and wraps around.</summary>
    public uint LastUse
    {
        get => Volatile.Read(ref Use);
        set => Volatile.Write(ref Use, value);
    }

    private ref uint Use => ref MemoryMarshal.AsRef<uint>(_data.AsSpan());
}
