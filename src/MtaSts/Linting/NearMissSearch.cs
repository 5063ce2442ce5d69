using System.Diagnostics.CodeAnalysis;

namespace MtaSts.Linting;

/// <summary>Finds the patterns of a policy that are most similar to a host that no pattern matches.</summary>
/// <remarks>
/// Takes time for each pattern, in proportion to the length of a name: some milliseconds for the largest policy. A host
/// that is too long for a name has no similar pattern.
/// </remarks>
internal static class NearMissSearch
{
    private const int MaxResults = 3;
    private const int MaxTypos = 2;

    // With one label, all names under .com would be similar.
    private const int MinTrailingLabels = 2;

    /// <summary>
    /// Returns at most three patterns, each once: first by reason, then by distance, then in file order.
    /// </summary>
    public static IReadOnlyList<NearMiss> Find(Policy policy, ReadOnlySpan<char> mxHost)
    {
        Span<byte> buffer = stackalloc byte[NameLimits.MaxLength];
        if (!TryGetComparedForm(mxHost, buffer, out ReadOnlySpan<byte> host))
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

    /// <summary>Converts the host to the form that is compared: lower-case A-labels, no root dot.</summary>
    private static bool TryGetComparedForm(ReadOnlySpan<char> mxHost, Span<byte> buffer, out ReadOnlySpan<byte> host)
    {
        ReadOnlySpan<char> name = HostName.WithoutRoot(mxHost);
        if (HostName.TryGetALabels(name, out string? ascii))
        {
            name = ascii;
        }

        bool isComparable = name.Length is > 0 and <= NameLimits.MaxLength && CodeUnits.TryCopyLower(CodeUnits.Of(name), buffer);
        host = isComparable ? buffer[..name.Length] : default;
        return isComparable;
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
        (NearMissReason reason, int distance) = pattern.IsWildcard
            ? UnderWildcard(host, pattern.MatchText)
            : ByName(host, pattern.MatchText);
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

    /// <summary>
    /// Counts the typing errors between two names; over the limit if there are too many for the length of the names.
    /// </summary>
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

        // Each dot in the common part is followed by a whole label. Its first label is whole if it begins a label in
        // both names.
        int labels = host[^same..].Count((byte)'.');
        if (EndsAtLabel(host, same) && EndsAtLabel(compared, same))
        {
            labels++;
        }

        // The compared text of a wildcard has a leading dot, so it has as many labels as the pattern with its asterisk.
        return labels >= MinTrailingLabels
            ? (NearMissReason.TrailingPart, CountLabels(host) + CountLabels(compared) - (2 * labels))
            : default;
    }

    private static bool EndsAtLabel(ReadOnlySpan<byte> name, int trailing) => trailing == name.Length || name[^(trailing + 1)] == '.';

    private static int CountLabels(ReadOnlySpan<byte> name) => 1 + name.Count((byte)'.');
}
