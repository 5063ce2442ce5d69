using static MtaSts.Tests.CacheSamples;

namespace MtaSts.Tests;

/// <summary>Represents how a call of the source or the cache ends.</summary>
internal sealed record Response(string Text)
{
    private static readonly string[] Ids = ["a", "a", "a", "b", "b", "c"];

    private static readonly FetchStatus[] Failures =
        [FetchStatus.ConnectionFailed, FetchStatus.NotFound, FetchStatus.CertificateInvalid, FetchStatus.InvalidPolicy];

    private static readonly Policy[] Policies =
    [
        .. from mode in Enum.GetValues<PolicyMode>()
           from maxAge in (int[])[0, 60, 600, 86_400, 604_800]
           select MakePolicy(mode, maxAge),
    ];

    private static readonly Dictionary<string, TxtAnswer> Answers =
        Ids.Distinct(StringComparer.Ordinal).ToDictionary(static id => id, Found, StringComparer.Ordinal);

    private static readonly TxtAnswer Several = TxtAnswer.FromRecords(["v=STSv1; id=a;", "v=STSv1; id=b;"]);
    private static readonly FetchResult[] Results = [.. Policies.Select(Fetched)];

    /// <summary>The response that is too late.</summary>
    public static Response Late { get; } = new("too late") { Exception = new TimeoutException() };

    /// <summary>The answer of a lookup; null if the source returns null.</summary>
    public TxtAnswer? Txt { get; private init; }

    /// <summary>The result of a fetch; null if the source returns null.</summary>
    public FetchResult? Fetch { get; private init; }

    /// <summary>The exception that the call throws; null if it throws nothing.</summary>
    public Exception? Exception { get; private init; }

    /// <summary>Indicates whether an update stores the entry, even if it throws afterwards.</summary>
    public bool IsApplied { get; private init; }

    /// <summary>Creates a random response.</summary>
    public static Response Make(CallKind kind, Random random, bool hasCacheFaults)
    {
        int percent = random.Next(100);
        return kind switch
        {
            CallKind.Lookup when percent < 70 && Ids[random.Next(Ids.Length)] is var id => new($"id {id}") { Txt = Answers[id] },
            CallKind.Lookup when percent < 78 => new("no record") { Txt = TxtAnswer.NoRecord },
            CallKind.Lookup when percent < 82 => new("several records") { Txt = Several },
            CallKind.Lookup when percent < 88 => new("lookup failed") { Txt = TxtAnswer.LookupFailed },
            CallKind.Fetch when percent < 45 && random.Next(Policies.Length) is var i =>
                new($"{Policies[i].Mode} for {Policies[i].MaxAge}") { Fetch = Results[i] },
            CallKind.Fetch when percent < 85 && Failures[random.Next(Failures.Length)] is var status =>
                new($"{status}") { Fetch = FetchResult.Failed(status) },
            CallKind.Read when percent < 80 || !hasCacheFaults => new("ok"),
            CallKind.Update when percent < 80 || !hasCacheFaults => new("ok") { IsApplied = true },
            CallKind.Read => Throwing(random),
            CallKind.Update => Throwing(random) with { IsApplied = random.Next(3) == 0 },
            _ when percent % 4 == 0 => new("null"),
            _ => Throwing(random),
        };
    }

    public override string ToString() => IsApplied && Exception is not null ? $"{Text}, but stored" : Text;

    private static Response Throwing(Random random) => random.Next(4) switch
    {
        0 => new("throws a cancellation") { Exception = new OperationCanceledException("the test threw this") },
        1 => new("throws a timeout") { Exception = new TimeoutException("the test threw this") },
        _ => new("throws") { Exception = new MarkedException() },
    };
}
