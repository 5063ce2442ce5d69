using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace MtaSts.Tests;

/// <summary>Creates policies, cache entries and answers for the tests of refresh and cache.</summary>
internal static class CacheSamples
{
    public const string Id = "20160831085700Z";

    public static readonly DateTimeOffset Noon = new(2026, 8, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    public static Policy MakePolicy(PolicyMode mode = PolicyMode.Enforce, int maxAge = 604_800, string mx = "mail.example.com") =>
        new(mode, TimeSpan.FromSeconds(maxAge), [MxPattern.Parse(mx)]);

    /// <summary>Creates an entry fetched at noon.</summary>
    public static CachedPolicy MakeEntry(PolicyMode mode = PolicyMode.Enforce, int maxAge = 604_800, string id = Id) =>
        new(id, MakePolicy(mode, maxAge), Noon);

    /// <summary>Creates an entry that only remembers a failed attempt.</summary>
    public static CachedPolicy MakeFailure(DateTimeOffset at, string? id = Id) =>
        new(id: null, policy: null, fetchedAt: 0, [new FailedAttempt(id, at)]);

    /// <summary>Creates a copy of an entry with other failed attempts.</summary>
    public static CachedPolicy With(this CachedPolicy entry, params FailedAttempt[] failures) =>
        new(entry.Id, entry.Policy, entry.FetchedAt.UtcTicks, ImmutableArray.Create(failures));

    public static TxtAnswer Found(string id) => TxtAnswer.FromRecords([$"v=STSv1; id={id};"]);

    public static FetchResult Fetched(Policy policy) =>
        FetchResult.FromResponse(200, "text/plain", Encoding.UTF8.GetBytes(policy.ToString()));

    /// <summary>Returns the whole content of an entry as text. Entries with equal texts have equal content.</summary>
    public static string Describe(this CachedPolicy? entry)
    {
        if (entry is null)
        {
            return "nothing";
        }

        IEnumerable<string> attempts = entry.FailedAttempts.Select(static attempt => $"{attempt.Id ?? "no id"} at {Exactly(attempt.At)}");
        string failures = string.Join(", ", attempts);
        return $"""
            id {entry.Id ?? "none"}, fetched {Exactly(entry.FetchedAt)}, expires {Exactly(entry.ExpiresAt)}
            failures {failures}; the latest {entry.FailedId ?? "no id"} at {(entry.FailedAt is { } at ? Exactly(at) : "no time")}
            deviations {entry.Policy?.Deviations}
            {entry.Policy?.ToString() ?? "no policy"}
            """;
    }

    private static string Exactly(DateTimeOffset time) => time.ToString("O", CultureInfo.InvariantCulture);
}
