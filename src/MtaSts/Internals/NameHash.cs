using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace MtaSts;

/// <summary>Hashes domain names, ignoring letter case.</summary>
/// <remarks>
/// <para>Attackers can choose policy domains and MX patterns. Two keys that are random in each process go into the
/// hash, so nobody can choose names that collide.</para>
/// <para>Each block of 16 code units is two numbers. Each is combined with a secret one, and the two are multiplied;
/// the hash combines both halves of the product. The length and one more multiplication complete it: without that,
/// names that differ in a few places can collide in groups, though rarely.</para>
/// </remarks>
internal static class NameHash
{
    private static readonly ulong FirstKey = RandomKey();
    private static readonly ulong SecondKey = RandomKey();

    /// <summary>Returns the hash of a name, or of any other text that is searched for among names.</summary>
    public static int Compute<T>(ReadOnlySpan<T> name)
        where T : unmanaged, IBinaryInteger<T> =>
        Compute(name, FirstKey, SecondKey);

    /// <summary>Returns the hash with the given keys.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Compute<T>(ReadOnlySpan<T> name, ulong firstKey, ulong secondKey)
        where T : unmanaged, IBinaryInteger<T>
    {
        // Among the characters of a name, the bit changes only capital letters. Other characters that it makes equal
        // merely collide.
        Vector128<byte> lowerCase = Vector128.Create((byte)0x20);
        ulong hash = firstKey;
        if (name.Length >= Vector128<byte>.Count)
        {
            for (int i = 0; i < name.Length; i += Vector128<byte>.Count)
            {
                int start = Math.Min(i, name.Length - Vector128<byte>.Count);
                hash = Mix(hash, secondKey, CodeUnits.Load(name, start) | lowerCase);
            }
        }
        else if (name.Length >= sizeof(ulong))
        {
            hash = Mix(hash, secondKey, CodeUnits.Load(name, 0, name.Length - sizeof(ulong)) | lowerCase);
        }
        else
        {
            hash = Mix(hash, secondKey, Vector128.CreateScalar(CodeUnits.ReadWord(name, 0, name.Length)).AsByte() | lowerCase);
        }

        return (int)Multiply(hash, secondKey ^ (ulong)name.Length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong hash, ulong key, Vector128<byte> units)
    {
        Vector128<ulong> halves = units.AsUInt64();
        return Multiply(hash ^ halves[0], key ^ halves[1]);
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
