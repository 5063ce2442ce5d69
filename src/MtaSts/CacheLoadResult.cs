using System.Runtime.InteropServices;

namespace MtaSts;

/// <summary>What <see cref="InMemoryCache.LoadAsync"/> found.</summary>
/// <param name="Loaded">The number of entries that were put into the cache.</param>
/// <param name="Outdated">The number of entries that were whole but not newer than what the cache held.</param>
/// <param name="Damaged">The number of entries that were not whole: damaged, cut off, or of a version that this library does not know.</param>
/// <remarks>An immutable value, safe for use by several threads.</remarks>
[StructLayout(LayoutKind.Auto)]
public readonly record struct CacheLoadResult(int Loaded, int Outdated, int Damaged);
