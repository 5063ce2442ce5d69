using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace MtaSts;

/// <summary>What a sender remembers of a policy domain: its policy, when it was fetched, and which attempts to fetch failed of late.</summary>
/// <remarks>
/// <para>Made by <see cref="PolicyRefresh"/> and kept in an <see cref="ICache"/>. Whether the policy still applies, and whether to fetch,
/// is <see cref="PolicyRefresh"/>'s business.</para>
/// <para>Two entries are not compared by content. Immutable, and safe for use by several threads.</para>
/// </remarks>
public sealed class CachedPolicy
{
    // Attempts are forgotten after five minutes; within them, whoever controls the TXT record could name any number of ids.
    internal const int MaxFailedAttempts = 8;

    private readonly long _fetchedAt; // UTC ticks.
    private readonly ImmutableArray<FailedAttempt> _failedAttempts; // The latest last.

    /// <summary>Creates an entry for a policy that was fetched over HTTPS.</summary>
    /// <param name="id">The id of the TXT record that led to the policy: 1 to 32 ASCII letters and digits.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="fetchedAt">When the fetch began.</param>
    /// <exception cref="ArgumentNullException">The id or the policy is null.</exception>
    /// <exception cref="ArgumentException">The id is none that a record can have.</exception>
    public CachedPolicy(string id, Policy policy, DateTimeOffset fetchedAt)
        : this(StsRecord.ValidId(id), policy ?? throw new ArgumentNullException(nameof(policy)), fetchedAt.UtcTicks, [])
    {
    }

    // The caller has validated the id.
    internal CachedPolicy(string? id, Policy? policy, long fetchedAt, ImmutableArray<FailedAttempt> failedAttempts)
    {
        Id = id;
        Policy = policy;
        _failedAttempts = failedAttempts;

        // So that no clock, however wrong, makes the expiry overflow.
        _fetchedAt = Math.Min(fetchedAt, DateTimeOffset.MaxValue.UtcTicks - (policy?.MaxAge.Ticks ?? 0));
    }

    /// <summary>The id of the TXT record that led to the policy; null if <see cref="Policy"/> is.</summary>
    public string? Id { get; }

    /// <summary>The policy, expired or not; null if only a failed attempt is remembered.</summary>
    public Policy? Policy { get; }

    /// <summary>
    /// When the last accepted fetch of the policy began, in UTC; <see cref="DateTimeOffset.MinValue"/> without a policy. Where a wrong clock had
    /// dated that fetch in the future, the time of the first failed attempt after it.
    /// </summary>
    public DateTimeOffset FetchedAt => new(_fetchedAt, TimeSpan.Zero);

    /// <summary>When the policy expires: <see cref="FetchedAt"/> and its <c>max_age</c>. Only a fetch extends it (RFC 8461, Section 3.2).</summary>
    public DateTimeOffset ExpiresAt => FetchedAt + (Policy?.MaxAge ?? TimeSpan.Zero);

    /// <summary>The id of the TXT record with which the latest failed attempt was made; null if there was no usable record, or no such attempt.</summary>
    public string? FailedId => _failedAttempts is [.., var latest] ? latest.Id : null;

    /// <summary>When the latest failed attempt was made, in UTC; null if none is remembered.</summary>
    public DateTimeOffset? FailedAt => _failedAttempts is [.., var latest] ? latest.At : null;

    /// <summary>The failed attempts that are remembered, the latest last.</summary>
    internal ImmutableArray<FailedAttempt> FailedAttempts => _failedAttempts;

    /// <summary>Reads what <see cref="Serialize"/> wrote.</summary>
    /// <param name="data">The JSON text, in UTF-8.</param>
    /// <param name="entry">The entry, or null.</param>
    /// <returns>False for damaged data, and for data of a version that this library does not know.</returns>
    public static bool TryDeserialize(ReadOnlySpan<byte> data, [NotNullWhen(true)] out CachedPolicy? entry) => CachedPolicyJson.TryRead(data, out entry);

    /// <summary>Whether the policy no longer applies. A policy with a <c>max_age</c> of 0 expires at once; an entry without a policy always is expired.</summary>
    /// <param name="now">The time.</param>
    public bool IsExpired(DateTimeOffset now) => Policy is null || now >= ExpiresAt;

    /// <summary>The entry as JSON text in UTF-8, for a cache that keeps bytes.</summary>
    /// <returns>
    /// An object with <c>id</c>, <c>version</c>, <c>mode</c>, <c>mx</c>, <c>maxAge</c> in seconds and <c>expires</c> in ISO 8601, UTC; and, where there are any,
    /// <c>extensions</c>, <c>deviations</c> and <c>failures</c>.
    /// </returns>
    public byte[] Serialize() => CachedPolicyJson.Write(this);

    /// <summary>
    /// Returns the entry as one line of printable ASCII for a log, such as
    /// <c>id 20160831085700Z, mode enforce, 2 mx, max_age 604800, fetched 2026-08-01T12:00:00Z, expires 2026-08-08T12:00:00Z</c>.
    /// </summary>
    public override string ToString() => Policy is null
        ? $"no policy, {Attempts}"
        : Escaping.Join(
            $"id {Id}",
            Policy.Summary,
            $"fetched {InLog(FetchedAt)}",
            $"expires {InLog(ExpiresAt)}",
            _failedAttempts.IsEmpty ? null : Attempts);

    private string Attempts => FailedAt is { } at
        ? $"last failed attempt {InLog(at)} with {(FailedId is null ? "no record" : $"id {FailedId}")}"
        : "no failed attempt";

    private static string InLog(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
