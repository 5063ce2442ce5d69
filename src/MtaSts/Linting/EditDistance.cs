namespace MtaSts.Linting;

/// <summary>
/// Counts the typing errors between two texts: a character inserted, deleted or replaced, or two neighbours swapped.
/// </summary>
internal static class EditDistance
{
    /// <summary>Counts the edits up to a small limit.</summary>
    /// <returns>The least number of edits; any number over the limit if more are needed.</returns>
    /// <remarks>
    /// An edit is tried only where the texts differ, in at most four ways. At a limit of two, the most that callers
    /// need, the worst case is 21 passes over the texts. The usual case is one pass over their common beginning.
    /// </remarks>
    public static int Count(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, int limit)
    {
        if (Math.Abs(a.Length - b.Length) > limit)
        {
            return limit + 1;
        }

        int same = a.CommonPrefixLength(b);
        a = a[same..];
        b = b[same..];
        if (a.IsEmpty || b.IsEmpty)
        {
            return a.Length + b.Length;
        }

        if (limit == 0)
        {
            return 1;
        }

        int rest = Count(a[1..], b[1..], limit - 1);
        rest = Math.Min(rest, Count(a[1..], b, limit - 1));
        rest = Math.Min(rest, Count(a, b[1..], limit - 1));
        if (a.Length > 1 && b.Length > 1 && a[0] == b[1] && a[1] == b[0])
        {
            rest = Math.Min(rest, Count(a[2..], b[2..], limit - 1));
        }

        return 1 + rest;
    }
}
