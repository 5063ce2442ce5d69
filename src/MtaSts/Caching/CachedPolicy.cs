using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace MtaSts;

/// <summary>
/// Represents the cache entry of a domain: its policy, when it was fetched, and recent failed fetches.
/// </summary>
/// <remarks>
/// <para><see cref="PolicyRefresh"/> creates entries; an <see cref="ICache"/> keeps them. <see cref="PolicyRefresh"/>
/// also decides whether the policy applies and when to fetch it again.</para>
/// <para>Entries are compared by reference. Immutable and safe for use by several threads.</para>
/// </remarks>
[ImmutableObject(true)]
public sealed class CachedPolicy
{
    // Bounds the entry: within five minutes, an attacker who controls the TXT record can publish any number of ids.
    internal const int MaxFailedAttempts = 8;

    // How far in the future a fetch may be dated before that clock counts as wrong.
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);

    // RFC 8461 section 3.3 suggests once a day. A policy of up to two days would then expire before its renewal: half
    // its max_age is sooner.
    private static readonly TimeSpan LongestRefreshInterval = TimeSpan.FromHours(24);

    private readonly long _fetchedAt; // UTC ticks.

    /// <summary>Creates an entry for a policy that was fetched over HTTPS.</summary>
    /// <param name="id">The id of the TXT record that led to the policy: 1 to 32 ASCII letters and digits.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="fetchedAt">The time at which the fetch began.</param>
    /// <exception cref="ArgumentNullException"><paramref name="id"/> or <paramref name="policy"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="id"/> is not a valid id (RFC 8461 section 3.1).</exception>
    public CachedPolicy(string id, Policy policy, DateTimeOffset fetchedAt)
        : this(StsRecord.ValidId(id), policy ?? throw new ArgumentNullException(nameof(policy)), fetchedAt.UtcTicks, [])
    {
    }

    // The caller has validated the id.
    internal CachedPolicy(string? id, Policy? policy, long fetchedAt, ImmutableArray<FailedAttempt> failedAttempts)
    {
        Id = id;
        Policy = policy;
        FailedAttempts = failedAttempts;

        // The expiry must not overflow, even if the clock is wrong.
        _fetchedAt = Math.Min(fetchedAt, DateTimeOffset.MaxValue.UtcTicks - (policy?.MaxAge.Ticks ?? 0));
    }

    /// <summary>The id of the TXT record that led to the policy; null if <see cref="Policy"/> is.</summary>
    public string? Id { get; }

    /// <summary>The policy, expired or not; null if the entry only remembers failed attempts.</summary>
    public Policy? Policy { get; }

    /// <summary>
    /// The time at which the last accepted fetch of the policy began, in UTC; <see cref="DateTimeOffset.MinValue"/>
    /// without a policy. If a wrong clock dated that fetch in the future: the time of the first failed attempt after
    /// the clock was corrected.
    /// </summary>
    public DateTimeOffset FetchedAt => new(_fetchedAt, TimeSpan.Zero);

    /// <summary>
    /// The time at which the policy expires: <see cref="FetchedAt"/> plus its <c>max_age</c>. Only a fetch extends it
    /// (RFC 8461 section 3.2).
    /// </summary>
    public DateTimeOffset ExpiresAt => FetchedAt + (Policy?.MaxAge ?? TimeSpan.Zero);

    /// <summary>
    /// The time until which a store should keep the entry: the later of <see cref="ExpiresAt"/> and five minutes after
    /// <see cref="FailedAt"/>.
    /// </summary>
    public DateTimeOffset KeepUntil =>
        FailedAttempts is [.., var latest] && latest.RetryAt > ExpiresAt ? latest.RetryAt : ExpiresAt;

    /// <summary>
    /// The id of the TXT record of the latest failed attempt; null if there was no usable record, or if no attempt is
    /// remembered.
    /// </summary>
    public string? FailedId => FailedAttempts is [.., var latest] ? latest.Id : null;

    /// <summary>The time of the latest failed attempt, in UTC; null if no attempt is remembered.</summary>
    public DateTimeOffset? FailedAt => FailedAttempts is [.., var latest] ? latest.At : null;

    /// <summary>The failed attempts that are remembered, the latest last.</summary>
    internal ImmutableArray<FailedAttempt> FailedAttempts { get; }

    private string Attempts => FailedAt is { } at
        ? $"last failed attempt {InLog(at)} with {(FailedId is null ? "no record" : $"id {FailedId}")}"
        : "no failed attempt";

    /// <summary>Tries to parse the JSON text that <see cref="Serialize"/> returned. Never throws.</summary>
    /// <param name="data">The JSON text, in UTF-8.</param>
    /// <param name="entry">The entry, or null.</param>
    /// <returns>
    /// <see langword="true"/> if the text is a valid entry; otherwise, <see langword="false"/>: the data is damaged, or
    /// of a version that this library does not know.
    /// </returns>
    public static bool TryDeserialize(ReadOnlySpan<byte> data, [NotNullWhen(true)] out CachedPolicy? entry) =>
        CachedPolicyJson.TryParse(data, out entry);

    /// <summary>
    /// Determines whether the policy has expired. A policy with a <c>max_age</c> of 0 expires at once.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <returns>
    /// <see langword="true"/> if <paramref name="now"/> has reached <see cref="ExpiresAt"/>, or if the entry has no
    /// policy; otherwise, <see langword="false"/>.
    /// </returns>
    public bool IsExpired(DateTimeOffset now) => Policy is null || now >= ExpiresAt;

    /// <summary>Returns the entry as JSON text in UTF-8, for a store that keeps bytes.</summary>
    /// <returns>
    /// An object with <c>id</c>, <c>version</c>, <c>mode</c>, <c>mx</c>, <c>maxAge</c> in seconds and <c>expires</c> in
    /// ISO 8601, UTC. The fields <c>extensions</c>, <c>deviations</c> and <c>failures</c> are present if not empty.
    /// Without a policy: <c>version</c> and <c>failures</c> alone.
    /// </returns>
    public byte[] Serialize() => CachedPolicyJson.Format(this);

    /// <summary>
    /// Returns the entry as one line of printable ASCII for a log, such as <c>id 20160831085700Z, mode enforce, 2 mx,
    /// max_age 604800, fetched 2026-08-01T12:00:00Z, expires 2026-08-08T12:00:00Z</c>.
    /// </summary>
    public override string ToString() => Policy is null
        ? $"no policy, {Attempts}"
        : Escaping.Join(
            $"id {Id}",
            Policy.Summary,
            $"fetched {InLog(FetchedAt)}",
            $"expires {InLog(ExpiresAt)}",
            FailedAttempts.IsEmpty ? null : Attempts);

    /// <summary>Determines whether a wrong clock dated the fetch in the future.</summary>
    internal bool IsDatedInFuture(DateTimeOffset now) => FetchedAt - now > ClockTolerance;

    /// <summary>
    /// Returns the order of entries by age: first those without a policy, then policies that a wrong clock dated, then
    /// other policies; within each kind by the time of the fetch.
    /// </summary>
    internal (int Kind, DateTimeOffset FetchedAt) Rank(DateTimeOffset now) =>
        (Policy is null ? 0 : IsDatedInFuture(now) ? 1 : 2, FetchedAt);

    /// <summary>
    /// Determines whether the unexpired policy should be fetched again: at 24 hours or half its <c>max_age</c>.
    /// </summary>
    internal bool IsDue(DateTimeOffset now)
    {
        TimeSpan age = now - FetchedAt;
        return age >= LongestRefreshInterval || age >= (ExpiresAt - FetchedAt) / 2 || IsDatedInFuture(now);
    }

    /// <summary>
    /// Determines whether a background task should fetch the policy now, with or without a TXT record.
    /// </summary>
    internal bool IsDueForRefresh(DateTimeOffset now) => !IsExpired(now) && IsDue(now) && !HasJustFailed(id: null, now);

    /// <summary>
    /// Determines whether an attempt with this id failed less than five minutes ago; null means any id.
    /// </summary>
    internal bool HasJustFailed(string? id, DateTimeOffset now) => CountRecentFailures(id, now) > 0;

    /// <summary>Determines whether so many ids have just failed that no other may be tried.</summary>
    internal bool HasFailedTooOften(DateTimeOffset now) => CountRecentFailures(id: null, now) >= MaxFailedAttempts;

    // A loop, because the predicate of a LINQ query would allocate.
    private int CountRecentFailures(string? id, DateTimeOffset now)
    {
        int count = 0;
        foreach (FailedAttempt attempt in FailedAttempts)
        {
            count += attempt.IsRecent(now) && (id is null || attempt.Id == id) ? 1 : 0;
        }

        return count;
    }

    private static string InLog(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
