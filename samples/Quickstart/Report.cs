using System.Globalization;
using MtaSts;

namespace Quickstart;

/// <summary>What is printed: the judgements as a table, and what there is to say of the policies.</summary>
internal static class Report
{
    private const string ExampleDomain = "example.com";

    /// <summary>Prints the bundled domains: their hosts, judged, and the simulated week, if it is given.</summary>
    public static void WriteBundled(TextWriter output, IReadOnlyList<BundledDomain> domains, TlsOutcome? tls, IReadOnlyList<WeekStep> week)
    {
        WriteDomains(output, domains, tls);
        output.WriteLine();
        if (week.Count > 0)
        {
            WriteWeek(output, week);
            output.WriteLine();
        }

        output.WriteLine("--help tells how to judge a policy of your own.");
    }

    /// <summary>Prints what was given on the command line, and the judgements.</summary>
    public static void WriteOwn(TextWriter output, Publication published, IReadOnlyList<Judgement> judgements)
    {
        if (published.Record is { } record)
        {
            output.WriteLine($"record: {record}");
        }

        if (published.Policy is { } policy)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"policy: mode {Printable.Word(policy.Mode)}, max_age {policy.MaxAge.TotalSeconds} seconds, mx lines: {policy.Mx.Count}"));
        }

        if (Tolerated(published) is { } tolerated)
        {
            output.WriteLine($"policy: {tolerated}");
        }

        if (judgements.Count > 0)
        {
            Table.Write(output, [["MODE", "MX", "VERDICT", "WHY"], .. judgements.Select(Columns)]);
        }
    }

    /// <summary>Prints findings.</summary>
    public static void WriteFindings(TextWriter output, IReadOnlyList<Finding> findings)
    {
        if (findings.Count == 0)
        {
            output.WriteLine("no findings");
            return;
        }

        Table.Write(output, [["SEVERITY", "CODE", "LINE:OFFSET", "FINDING"], .. findings.Select(Columns)]);
    }

    /// <summary>Prints a policy to be published and its record, where they go and in which order, and what there is to say of them.</summary>
    public static void WriteNew(TextWriter output, NewPublication publication)
    {
        string domain = publication.Domain ?? ExampleDomain;
        output.WriteLine($"The policy file, to be served as text/plain at {Sts.PolicyUrl(domain)}:");
        output.WriteLine();
        output.Write(publication.File);
        output.WriteLine();
        output.WriteLine("The TXT record:");
        output.WriteLine();
        output.WriteLine($"{Sts.RecordName(domain)}. IN TXT \"{publication.Record}\"");
        output.WriteLine();
        WriteFindings(output, publication.Findings);
        output.WriteLine();
        output.WriteLine(publication.Steps.Count == 0 ? "Nothing is to be done: the policy does not change." : "What to do, in this order:");
        Table.Write(
            output,
            [.. publication.Steps.Select(static (step, i) => (string[])[string.Create(CultureInfo.InvariantCulture, $"{i + 1}."), step])]);
        if (publication.Domain is null)
        {
            output.WriteLine();
            output.WriteLine($"{ExampleDomain} stands for your domain, which --domain tells.");
        }
    }

    // What there is to say of the policies stands below the table.
    private static void WriteDomains(TextWriter output, IReadOnlyList<BundledDomain> domains, TlsOutcome? tls)
    {
        List<string[]> rows = [["DOMAIN", "MODE", "MX", "VERDICT", "WHY"]];
        List<string[]> notes = [];
        foreach (BundledDomain domain in domains)
        {
            rows.AddRange(domain.MxHosts.Select(host => (string[])[domain.Name, .. Columns(domain.Published.Judge(host, tls))]));
            notes.AddRange(domain.Published.Errors.Select(error => (string[])[domain.Name, error]));
            if (Tolerated(domain.Published) is { } tolerated)
            {
                notes.Add([domain.Name, tolerated]);
            }
        }

        Table.Write(output, rows);
        output.WriteLine();
        Table.Write(output, notes);
        output.WriteLine();
        Table.Write(output, HelpText.Verdicts);
    }

    private static void WriteWeek(TextWriter output, IReadOnlyList<WeekStep> week)
    {
        output.WriteLine($"A week of mail to {SimulatedWeek.Domain}. Time, DNS and all hosts are simulated; every decision is the library's: Apply,");
        output.WriteLine("Fetch and ApplyAndFetch that of PolicyRefresh.Plan, Found, Renewed and Errored that of PolicyRefresh.Complete.");
        output.WriteLine();
        int width = week.Max(static step => step.Decisions.Max(static decision => decision.What.Length));
        foreach (WeekStep step in week)
        {
            string now = step.Now.ToString("ddd HH:mm", CultureInfo.InvariantCulture);
            output.WriteLine($"{now}  {step.WhatHappens}");
            Table.Write(
                output,
                [.. step.Decisions.Select(decision => (string[])[new(' ', now.Length), decision.What.PadRight(width), decision.Why])]);
        }
    }

    private static string[] Columns(Judgement judgement) =>
        [judgement.Mode is { } mode ? Printable.Word(mode) : "-", Printable.Host(judgement.MxHost), judgement.VerdictInWords, judgement.Why];

    private static string[] Columns(Finding finding) =>
    [
        finding.Severity.ToString().ToLowerInvariant(),
        $"{finding.Code}",
        finding.Line == 0 ? "-" : string.Create(CultureInfo.InvariantCulture, $"{finding.Line}:{finding.Offset}"),
        finding.Message,
    ];

    private static string? Tolerated(Publication published) =>
        published.Policy is { Deviations: not Deviations.None and var deviations }
            ? $"accepted, although the grammar does not allow this: {deviations}"
            : null;
}
