using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace MtaSts;

/// <summary>Hashes names that others choose, letter case aside.</summary>
/// <remarks>
/// <para>Policy domains and MX patterns come from whoever sends mail or publishes a policy. So that nobody can choose them to collide, keys that are random in
/// each process go into the hash.</para>
/// <para>Sixteen units are two numbers of 64 bits, each of which a secret one hides; they are multiplied, and the halves of the product are added without carry. Once
/// more with the length, because names that differ in one of the numbers alone, by as much each time, would otherwise not always spread.</para>
/// </remarks>
internal static class NameHash
{
    private static readonly ulong FirstKey = RandomKey();
    private static readonly ulong SecondKey = RandomKey();
    private static readonly ulong LastKey = RandomKey();

    /// <summary>The hash of a name, or of any other text that is to be looked for among names.</summary>
    public static int Compute<T>(ReadOnlySpan<T> name)
        where T : unmanaged, IBinaryInteger<T>
    {
        // Of the characters that a name is made of, the bit changes the capitals and no other. What else it makes equal only collides.
        Vector128<byte> lowerCase = Vector128.Create((byte)0x20);
        ulong hash = FirstKey;
        if (name.Length >= Vector128<byte>.Count)
        {
            for (int i = 0; i < name.Length; i += Vector128<byte>.Count)
            {
                int start = Math.Min(i, name.Length - Vector128<byte>.Count);
                hash = Mix(hash, TextUnits.Load(name, start) | lowerCase);
            }
        }
        else if (name.Length >= sizeof(ulong))
        {
            hash = Mix(hash, TextUnits.Load(name, 0, name.Length - sizeof(ulong)) | lowerCase);
        }
        else
        {
            hash = Mix(hash, Vector128.CreateScalar(TextUnits.ReadWord(name, 0, name.Length)).AsByte() | lowerCase);
        }

        return (int)Multiply(hash ^ (ulong)name.Length, LastKey);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong hash, Vector128<byte> units)
    {
        Vector128<ulong> halves = units.AsUInt64();
        return Multiply(halves[0] ^ hash, halves[1] ^ SecondKey);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Multiply(ulong x, ulong y)
    {
        ulong high = Math.BigMul(x, y, out ulong low);
        return high ^ low;
    }

    private static ulong RandomKey()
    {
        Span<byte> key = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(key);
        return MemoryMarshal.Read<ulong>(key);
    }
}
