using System.Diagnostics.CodeAnalysis;

namespace MtaSts;

/// <summary>Finds the patterns of a policy that come nearest to a host that none of them matches.</summary>
/// <remarks>
/// Takes time for each pattern, in proportion to the length of a name: some milliseconds for the largest policy. A host longer than any
/// name comes near nothing.
/// </remarks>
internal static class NearMissSearch
{
    private const int MaxResults = 3;
    private const int MaxTypos = 2;

    // Below two labels, all of .com would be near.
    private const int MinTrailingLabels = 2;

    /// <summary>The nearest patterns, at most three, each once: first by reason, then by distance, then in file order.</summary>
    public static IReadOnlyList<NearMiss> Find(Policy policy, ReadOnlySpan<char> mxHost)
    {
        Span<byte> buffer = stackalloc byte[HostName.MaxLength];
        if (!TryCompare(mxHost, buffer, out ReadOnlySpan<byte> host))
        {
            return [];
        }

        List<NearMiss> nearest = new(MaxResults + 1);
        foreach (MxPattern pattern in policy.Mx)
        {
            if (TryJudge(host, pattern, out NearMiss? miss))
            {
                Insert(nearest, miss);
            }
        }

        return nearest.AsReadOnly();
    }

    /// <summary>The host in the form that it is compared in: A-labels, lower case, no dot of the root.</summary>
    private static bool TryCompare(ReadOnlySpan<char> mxHost, Span<byte> buffer, out ReadOnlySpan<byte> host)
    {
        ReadOnlySpan<char> name = HostName.WithoutRoot(mxHost);
        if (HostName.TryGetALabels(name, out string? ascii))
        {
            name = ascii;
        }

        bool isNear = name.Length is > 0 and <= HostName.MaxLength && CodeUnits.TryCopyLower(CodeUnits.Of(name), buffer);
        host = isNear ? buffer[..name.Length] : default;
        return isNear;
    }

    private static void Insert(List<NearMiss> nearest, NearMiss miss)
    {
        int place = nearest.Count;
        while (place > 0 && IsNearer(miss, nearest[place - 1]))
        {
            place--;
        }

        if (place < MaxResults && !nearest.Exists(other => other.Pattern == miss.Pattern))
        {
            nearest.Insert(place, miss);
            if (nearest.Count > MaxResults)
            {
                nearest.RemoveAt(MaxResults);
            }
        }
    }

    private static bool IsNearer(NearMiss a, NearMiss b) => (a.Reason, a.Distance).CompareTo((b.Reason, b.Distance)) < 0;

    private static bool TryJudge(ReadOnlySpan<byte> host, MxPattern pattern, [NotNullWhen(true)] out NearMiss? miss)
    {
        (NearMissReason reason, int distance) = pattern.IsWildcard ? UnderWildcard(host, pattern.MatchText) : ByName(host, pattern.MatchText);
        miss = distance > 0 ? new(pattern, reason, distance) : null;
        return miss is not null;
    }

    private static (NearMissReason Reason, int Distance) UnderWildcard(ReadOnlySpan<byte> host, ReadOnlySpan<byte> parent)
    {
        ReadOnlySpan<byte> domain = parent[1..];
        if (host.SequenceEqual(domain))
        {
            return (NearMissReason.Apex, 1);
        }

        if (host.EndsWith(parent))
        {
            int below = CountLabels(host[..^parent.Length]);
            return below == 1 ? (NearMissReason.InvalidLabel, 1) : (NearMissReason.TooDeep, below - 1);
        }

        int firstDot = host.IndexOf((byte)'.');
        int typos = CountTypos(host[(firstDot + 1)..], domain);
        return firstDot >= 0 && typos <= MaxTypos ? (NearMissReason.Typo, typos) : ByTrailingPart(host, parent);
    }

    private static (NearMissReason Reason, int Distance) ByName(ReadOnlySpan<byte> host, ReadOnlySpan<byte> name)
    {
        if (host.EndsWith(name) && host[..^name.Length] is [.. var below, (byte)'.'])
        {
            return (NearMissReason.BelowName, CountLabels(below));
        }

        int typos = CountTypos(host, name);
        return typos <= MaxTypos ? (NearMissReason.Typo, typos) : ByTrailingPart(host, name);
    }

    /// <summary>The typing errors between two names; over the limit if there are too many for names so short.</summary>
    private static int CountTypos(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        int limit = Math.Min(MaxTypos, Math.Min(a.Length, b.Length) / 4);
        int typos = EditDistance.Count(a, b, limit);
        return typos <= limit ? typos : MaxTypos + 1;
    }

    private static (NearMissReason Reason, int Distance) ByTrailingPart(ReadOnlySpan<byte> host, ReadOnlySpan<byte> compared)
    {
        int shorter = Math.Min(host.Length, compared.Length);
        int same = 0;
        while (same < shorter && host[^(same + 1)] == compared[^(same + 1)])
        {
            same++;
        }

        // A dot in the common part has a whole label after it. The common part is a whole label itself, too, if neither name goes on within it.
        int labels = host[^same..].Count((byte)'.');
        if (EndsAtLabel(host, same) && EndsAtLabel(compared, same))
        {
            labels++;
        }

        // The text compared with, that of a wildcard with its leading dot, has as many labels as the pattern with its asterisk.
        return labels >= MinTrailingLabels
            ? (NearMissReason.TrailingPart, CountLabels(host) + CountLabels(compared) - (2 * labels))
            : default;
    }

    private static bool EndsAtLabel(ReadOnlySpan<byte> name, int trailing) => trailing == name.Length || name[^(trailing + 1)] == '.';

    private static int CountLabels(ReadOnlySpan<byte> name) => 1 + name.Count((byte)'.');
}
