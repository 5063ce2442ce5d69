using MtaSts;

namespace Quickstart;

/// <summary>
/// Simulates a week of mail to one of the bundled domains. The events are invented; the library makes the decisions.
/// </summary>
internal sealed class SimulatedWeek
{
    private const string Near = "mx1.bank.example";
    private const string Far = "mx2.south.bank.example"; // No pattern of the bundled policy matches it.
    private const string Rogue = "mx.intruder.test";

    private static readonly StsRecord SecondRecord = new("8");
    private static readonly StsRecord ThirdRecord = new("9");

    private readonly SimulatedDomain _bank;
    private readonly SimulatedSender _sender;
    private readonly List<WeekStep> _steps = [];

    private SimulatedWeek(SimulatedDomain bank, SimulatedSender sender)
    {
        _bank = bank;
        _sender = sender;
    }

    /// <summary>The domain of the recipients.</summary>
    public static PolicyDomain Domain { get; } = PolicyDomain.Parse("bank.example");

    /// <summary>Runs the week.</summary>
    /// <param name="domains">The bundled domains. One of them has the first record and policy.</param>
    public static async Task<IReadOnlyList<WeekStep>> RunAsync(IReadOnlyList<BundledDomain> domains)
    {
        SenderView published = domains.Single(static domain => domain.Domain == Domain).Published;
        SimulatedDomain bank = new(Domain);
        await using SimulatedSender sender = new(bank);
        SimulatedWeek week = new(bank, sender);
        await week.RunAsync(published.Record!, published.Policy!);
        return week._steps;
    }

    private async Task RunAsync(StsRecord record, Policy policy)
    {
        // Monday. In the evening an attacker blocks the TXT lookup.
        _bank.Publish(record, policy);
        await DeliverAsync(At(2, 9), "The first message to the bank.", Near);
        await DeliverAsync(At(2, 9, 20), "The next message; the policy has not changed.", Near);
        _bank.Txt = TxtAnswer.LookupFailed;
        await DeliverAsync(At(2, 17), "The TXT lookup is blocked.", Near);

        // Tuesday: no mail.
        _bank.Publish(record, policy);
        Tell(At(3, 9), "No mail, but the background task runs.", await _sender.RefreshAsync(At(3, 9)));

        // Wednesday. The bank has a new policy with a pattern for its second host, but the policy host is down.
        Policy second = new(policy.Mode, policy.MaxAge, [.. policy.Mx, MxPattern.Parse("*.south.bank.example")]);
        _bank.Publish(SecondRecord, second);
        _bank.PolicyHost = FetchResult.Failed(FetchStatus.ConnectionFailed);
        await DeliverAsync(At(4, 8), "The bank has corrected its policy and changed the id, but its web host is down.", Far);
        await DeliverAsync(At(4, 8, 3), "The same message again.", Far);
        _bank.PolicyHost = FetchResult.Failed(FetchStatus.TimedOut);
        await DeliverAsync(At(4, 8, 5), "The same message, five minutes after the failed attempt.", Far);
        _bank.Publish(SecondRecord, second);
        await DeliverAsync(At(4, 8, 30), "The web host is back. The message waits for the fetch and goes out.", Far);

        // Thursday.
        Tell(At(5, 3), "The sender's process is restarted.", await _sender.RestartAsync(At(5, 3)));
        _bank.Txt = TxtAnswer.FromRecords([]);
        await DeliverAsync(At(5, 3, 10), "The DNS is poisoned: the TXT record is missing, and the MX host is the attacker's.", Rogue);

        // Friday to Sunday. The certificate of the first host has expired.
        _bank.Publish(SecondRecord, second);
        await DeliverAsync(At(6, 10), "The DNS is correct again, but the host's certificate has expired.", Near, TlsOutcome.Expired);
        _bank.Txt = TxtAnswer.LookupFailed;
        Tell(
            At(7, 10),
            "The message has waited for a day. May it be returned? The lookup is blocked.",
            await _sender.CheckBeforeFailingAsync(At(7, 10)));
        _bank.Publish(SecondRecord, second);
        Tell(At(7, 10, 15), "The same question. The lookup succeeds.", await _sender.CheckBeforeFailingAsync(At(7, 10, 15)));
        _bank.Publish(ThirdRecord, new Policy(PolicyMode.None, TimeSpan.FromDays(1), []));
        Tell(
            At(8, 10),
            "The message was kept. The bank has opted out with mode none. May the message be returned?",
            await _sender.CheckBeforeFailingAsync(At(8, 10)));
        await DeliverAsync(At(8, 10, 1), "The message is tried again.", Near, TlsOutcome.Expired);
    }

    // March 2026 has its first Monday on the 2nd.
    private static DateTimeOffset At(int day, int hour, int minute = 0) => new(2026, 3, day, hour, minute, 0, TimeSpan.Zero);

    private async Task DeliverAsync(DateTimeOffset now, string whatHappens, string mxHost, TlsOutcome tls = TlsOutcome.Verified) =>
        Tell(now, whatHappens, await _sender.DeliverAsync(mxHost, tls, now));

    private void Tell(DateTimeOffset now, string whatHappens, IReadOnlyList<SenderDecision> decisions) =>
        _steps.Add(new(now, whatHappens, decisions));
}
