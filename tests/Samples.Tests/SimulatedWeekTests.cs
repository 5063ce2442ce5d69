using static System.FormattableString;

namespace Samples.Tests;

public class SimulatedWeekTests
{
    // The decisions of the week, independent of the approved text.
    [Fact]
    public async Task RunAsync_DecidesByRfc8461()
    {
        IReadOnlyList<WeekStep> week = await SimulatedWeek.RunAsync(BundledDomains.Read());

        week.Select(Describe).Should().Equal(
            "2 09:00 Fetch, Found, allow",
            "2 09:20 Apply, allow",
            "2 17:00 Apply, allow",              // a blocked lookup ends no policy, sections 3.3 and 10.2
            "3 09:00 Renewed",                   // the background refresh, section 10.2
            "4 08:00 ApplyAndFetch, Errored, deny", // the old policy applies, section 3.3
            "4 08:03 Apply, deny",               // no attempt within five minutes, section 3.3
            "4 08:05 ApplyAndFetch, Errored, deny",
            "4 08:06 must stay",                 // another policy exists, section 5
            "4 08:30 ApplyAndFetch, Found, allow",
            "5 03:00 loaded 1",
            "5 03:10 Apply, deny",               // the attacker's host, despite the restart
            "6 10:00 ApplyAndFetch, Renewed, deny", // over a day old, section 3.3
            "7 10:00 must stay",                 // the lookup did not complete
            "7 10:15 may return",
            "8 10:00 ApplyAndFetch, Found, no policy"); // section 8.3
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
        fetches.Select(decision => $"{decision.What} {decision.Why.Split(" until ")[1].Split(';')[0]}").Should().Equal(
            "Found 2027-03-02 15:00", // a max_age of a year, 365.25 days
            "Renewed 2027-03-03 15:00",
            "Errored 2027-03-03 15:00",
            "Errored 2027-03-03 15:00",
            "Found 2027-03-04 14:30",
            "Renewed 2027-03-06 16:00",
            "Found 2026-03-09 10:00");
    }

    [Fact]
    public async Task RunAsync_AfterTheRestart_HasTheEarlierPolicy()
    {
        IReadOnlyList<WeekStep> week = await SimulatedWeek.RunAsync(BundledDomains.Read());

        week.Single(step => step.Decisions[0].What == "loaded 1").Decisions[0].Why
            .Should().Be("cached id 8, fetched 18.5 h ago; damaged entries: 0");
    }

    private static string Describe(WeekStep step) =>
        Invariant($"{step.Now:d HH:mm} {string.Join(", ", step.Decisions.Select(decision => decision.What))}");

    private static IEnumerable<string> TimesOf(IReadOnlyList<WeekStep> week, string words) => week
        .Where(step => step.Decisions.Any(decision => decision.Why.Contains(words, StringComparison.Ordinal)))
        .Select(step => Invariant($"{step.Now:d HH:mm}"));
}
