using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace MtaSts;

/// <summary>Hashes names that others choose, letter case aside.</summary>
/// <remarks>
/// <para>Policy domains and MX patterns come from whoever sends mail or publishes a policy. So that nobody can choose them to collide, two keys that are random in
/// each process go into the hash.</para>
/// <para>Each block of sixteen units is two numbers, each hidden by one that nobody knows, and multiplied; the two halves of the product are then one number. In
/// the end comes the length, and one more multiplication: without it, names that differ in a few places only would collide in crowds, if seldom.</para>
/// </remarks>
internal static class NameHash
{
    private static readonly ulong FirstKey = RandomKey();
    private static readonly ulong SecondKey = RandomKey();

    /// <summary>The hash of a name, or of any other text that is to be looked for among names.</summary>
    public static int Compute<T>(ReadOnlySpan<T> name)
        where T : unmanaged, IBinaryInteger<T> =>
        Compute(name, FirstKey, SecondKey);

    /// <summary>The hash with these keys.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Compute<T>(ReadOnlySpan<T> name, ulong firstKey, ulong secondKey)
        where T : unmanaged, IBinaryInteger<T>
    {
        // Of the characters that a name is made of, the bit changes the capitals and no other. What else it makes equal only collides.
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
