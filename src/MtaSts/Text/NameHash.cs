using System.Runtime.InteropServices;

namespace MtaSts;

/// <summary>Hashes names that others choose.</summary>
/// <remarks>
/// Policy domains and MX patterns come from whoever sends mail or publishes a policy. So that nobody can choose them to collide, they are hashed by
/// <see cref="string.GetHashCode(ReadOnlySpan{char}, StringComparison)"/>, whose key is random in each process.
/// </remarks>
internal static class NameHash
{
    // The hash takes characters, so it sees the bytes in pairs, and the last one of an odd number by itself.
    public static int Compute(ReadOnlySpan<byte> name)
    {
        int hash = string.GetHashCode(MemoryMarshal.Cast<byte, char>(name), StringComparison.Ordinal);
        return (name.Length & 1) == 0 ? hash : (hash * 31) + name[^1];
    }
}
