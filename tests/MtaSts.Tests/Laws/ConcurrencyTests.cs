using System.Text;

namespace MtaSts.Tests;

/// <summary>
/// Verifies that immutable values can be shared: concurrent threads get the same results as a single thread.
/// </summary>
public class ConcurrencyTests
{
    private const int Threads = 4;
    private const int Rounds = 100;
    private const int Patterns = 300;

    private static readonly string[] Hosts =
    [
        .. Enumerable.Range(0, Patterns + 20).Select(i => $"mx{i}.example.com"), // the last 20 match nothing
        .. Enumerable.Range(0, 20).Select(i => $"any.D{i}.example.net."),
        "b\u00FCcher.d1.example.net",
        "example.com",
        "",
    ];

    // The first search builds the index of a long list. Here all threads search first.
    [Fact]
    public async Task TryMatch_FirstSearchByManyThreads_ReturnsTheSameResults()
    {
        MxPattern[] patterns =
        [
            .. Enumerable.Range(0, Patterns)
                .Select(i => MxPattern.Parse(i % 3 == 0 && i < 60 ? $"*.d{i / 3}.example.net" : $"mx{i}.example.com")),
        ];
        string[] expected = [.. Hosts.Select(host => Array.Find(patterns, pattern => pattern.Matches(host)).ToString())];
        expected.Should().Contain("").And.Contain("*.d0.example.net").And.Contain("mx299.example.com");

        for (int round = 0; round < Rounds; round++)
        {
            Policy policy = new(PolicyMode.Enforce, TimeSpan.FromDays(1), patterns);
            foreach (string[] answers in await AllAtOnceAsync(thread => Answers(policy, thread)))
            {
                answers.Should().Equal(expected);
            }
        }

        // Each thread starts at another host, so the threads do not search for the same host at the same time.
        static string[] Answers(Policy policy, int thread)
        {
            string[] answers = new string[Hosts.Length];
            for (int i = 0; i < Hosts.Length; i++)
            {
                int index = (i + (thread * Hosts.Length / Threads)) % Hosts.Length;
                bool matches = policy.TryMatch(Hosts[index], out MxPattern pattern);
                answers[index] = matches == policy.Matches(Hosts[index]) ? pattern.ToString() : "Matches and TryMatch disagree";
            }

            return answers;
        }
    }

    [Fact]
    public async Task SharedValues_UsedByManyThreads_ReturnTheSameResults()
    {
        Policy policy = Policy.Parse("version: STSv1\nmode: enforce\nmx: a.example\nmx: *.b.example\nmax_age: 1\nx: y\n");
        StsRecord record = StsRecord.Parse("v=STSv1; id=1; a=b");
        TxtAnswer txt = TxtAnswer.FromRecords(["other", "v=STSv1; id=1;"]);
        FetchResult fetch = FetchResult.FromResponse(200, "text/plain", Encoding.UTF8.GetBytes(policy.ToString()));
        Decision decision = Sts.Enforce(policy, "mx.b.example", TlsOutcome.Expired);
        Policy.TryParse("version: STSv2", out _, out ParseError error).Should().BeFalse();

        string expected = Describe();
        for (int round = 0; round < Rounds; round++)
        {
            (await AllAtOnceAsync(_ => Describe())).Should().AllBe(expected);
        }

        string Describe() => string.Join(
            '|',
            policy,
            policy.GetHashCode(),
            string.Join(',', policy.Mx),
            policy.Extensions[0],
            record,
            record.GetHashCode(),
            txt.Status,
            txt.Record,
            fetch.Status,
            fetch.Policy == policy,
            decision,
            decision.GetHashCode(),
            error,
            Sts.Enforce(policy, "MX.B.EXAMPLE."),
            Sts.PolicyUrl("B\u00FCcher.example"),
            Policy.Parse(policy.ToString()) == policy,
            TxtAnswer.LookupFailed.Status);
    }

    private static async Task<T[]> AllAtOnceAsync<T>(Func<int, T> work)
    {
        using Barrier start = new(Threads);
        return await Task.WhenAll(Enumerable.Range(0, Threads).Select(i => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return work(i);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning, // one thread for each
            TaskScheduler.Default)));
    }
}
