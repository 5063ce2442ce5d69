using System.Text.RegularExpressions;
using static System.FormattableString;

namespace Samples.Tests;

public partial class SimulatedWeekTests
{
    // The decisions of the week, independent of the approved text.
    [Fact]
    public async Task RunAsync_DecidesByRfc8461()
    {
        IReadOnlyList<WeekStep> week = await SimulatedWeek.RunAsync(BundledDomains.Read());

        week.Select(Describe).Should().Equal(
            "2 09:00 Fetch, Fetched, allow",
            "2 09:20 Apply, allow",
            "2 17:00 Apply, allow",              // a blocked lookup ends no policy, sections 3.3 and 10.2
            "3 09:00 Fetched",                   // the background refresh, section 10.2
            "4 08:00 ApplyAndFetch, deny, FetchFailed", // the old policy applies, section 3.3
            "4 08:03 Apply, deny",               // no attempt within five minutes, section 3.3
            "4 08:05 ApplyAndFetch, deny, FetchFailed",
            "4 08:30 ApplyAndFetch, deny, Fetched, allow", // about to be deferred, it waits for the fetch
            "5 03:00 loaded 1",
            "5 03:10 Apply, deny",               // the attacker's host, despite the restart
            "6 10:00 ApplyAndFetch, deny, Fetched", // over a day old, section 3.3
            "7 10:00 must stay",                 // the lookup did not complete
            "7 10:15 may return",
            "8 10:00 Fetched, must stay",        // another policy exists, section 5
            "8 10:01 Apply, no policy");         // section 8.3
    }

    [Fact]
    public async Task RunAsync_ReportsAndAlerts()
    {
        IReadOnlyList<WeekStep> week = await SimulatedWeek.RunAsync(BundledDomains.Read());

        TimesOf(week, "report sts-policy-fetch-error; alert").Should().Equal("2 17:00", "4 08:00", "4 08:05", "5 03:10");
        TimesOf(week, "report validation-failure").Should().Equal("4 08:00", "4 08:03", "4 08:05", "5 03:10");
        TimesOf(week, "report certificate-expired").Should().Equal("6 10:00");
        TimesOf(week, "alert").Should().HaveCount(4, "no other step needs an alert");
    }

    // Only an HTTPS fetch moves the expiry, section 3.2.
    [Fact]
    public async Task RunAsync_MovesTheExpiryOnlyWithSuccessfulFetches()
    {
        IReadOnlyList<WeekStep> week = await SimulatedWeek.RunAsync(BundledDomains.Read());

        IEnumerable<SenderDecision> fetches = week
            .SelectMany(step => step.Decisions)
            .Where(decision => decision.Why.Contains(" until ", StringComparison.Ordinal));
        fetches.Select(decision => $"{decision.What} {Kept().Match(decision.Why).Value}").Should().Equal(
            "Fetched id 7, mode enforce until 2027-03-02 15:00", // a max_age of a year, 365.25 days
            "Fetched id 7, mode enforce until 2027-03-03 15:00", // the same id, fetched again
            "FetchFailed id 7, mode enforce until 2027-03-03 15:00",
            "FetchFailed id 7, mode enforce until 2027-03-03 15:00",
            "Fetched id 8, mode enforce until 2027-03-04 14:30",
            "Fetched id 8, mode enforce until 2027-03-06 16:00",
            "Fetched id 9, mode none until 2026-03-09 10:00");
    }

    [Fact]
    public async Task RunAsync_AfterTheRestart_HasTheEarlierPolicy()
    {
        IReadOnlyList<WeekStep> week = await SimulatedWeek.RunAsync(BundledDomains.Read());

        week.Single(step => step.Decisions[0].What == "loaded 1").Decisions[0].Why
            .Should().Be("cached id 8, fetched 18.5 h ago; damaged entries: 0");
    }

    // The order of the output depends on no thread.
    [Fact]
    public async Task RunAsync_ManyTimes_DecidesTheSame()
    {
        IReadOnlyList<BundledDomain> domains = BundledDomains.Read();
        string[] expected = Lines(await SimulatedWeek.RunAsync(domains));

        IReadOnlyList<WeekStep>[] weeks = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(_ => Task.Run(() => SimulatedWeek.RunAsync(domains))));

        foreach (IReadOnlyList<WeekStep> week in weeks)
        {
            Lines(week).Should().Equal(expected);
        }
    }

    private static string[] Lines(IReadOnlyList<WeekStep> week) =>
        [.. week.SelectMany(static step => step.Decisions).Select(static decision => $"{decision}")];

    private static string Describe(WeekStep step) =>
        Invariant($"{step.Now:d HH:mm} {string.Join(", ", step.Decisions.Select(decision => decision.What))}");

    private static IEnumerable<string> TimesOf(IReadOnlyList<WeekStep> week, string words) => week
        .Where(step => step.Decisions.Any(decision => decision.Why.Contains(words, StringComparison.Ordinal)))
        .Select(step => Invariant($"{step.Now:d HH:mm}"));

    [GeneratedRegex("id [0-9], mode [a-z]+ until [0-9-]+ [0-9:]+", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Kept();
}
