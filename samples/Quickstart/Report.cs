using System.Globalization;
using MtaSts;
using MtaSts.Linting;

namespace Quickstart;

/// <summary>Writes the results: judgements, findings and the simulated week.</summary>
internal static class Report
{
    private static readonly PolicyDomain ExampleDomain = PolicyDomain.Parse("example.com");

    /// <summary>
    /// Writes the judgements on the hosts of the bundled domains, and the simulated week, if it is given.
    /// </summary>
    public static void WriteBundled(TextWriter output, IReadOnlyList<BundledDomain> domains, TlsOutcome? tls, IReadOnlyList<WeekStep> week)
    {
        WriteDomains(output, domains, tls);
        output.WriteLine();
        if (week.Count > 0)
        {
            WriteWeek(output, week);
            output.WriteLine();
        }

        output.WriteLine("Use --help to judge your own policy.");
    }

    /// <summary>Writes the record and the policy of the command line, and the judgements.</summary>
    public static void WriteOwn(TextWriter output, SenderView published, IReadOnlyList<Judgement> judgements)
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

    /// <summary>Writes findings.</summary>
    public static void WriteFindings(TextWriter output, IReadOnlyList<Finding> findings)
    {
        if (findings.Count == 0)
        {
            output.WriteLine("no findings");
            return;
        }

        Table.Write(output, [["SEVERITY", "CODE", "LINE:OFFSET", "FINDING"], .. findings.Select(Columns)]);
    }

    /// <summary>Writes a policy to publish and its record, their places, the findings and the steps.</summary>
    public static void WriteNew(TextWriter output, NewPublication publication)
    {
        PolicyDomain domain = publication.Domain ?? ExampleDomain;
        output.WriteLine($"The policy file, to serve as text/plain at {domain.PolicyUrl}:");
        output.WriteLine();
        output.Write(publication.File);
        output.WriteLine();
        output.WriteLine("The TXT record:");
        output.WriteLine();
        output.WriteLine($"{domain.RecordName}. IN TXT \"{publication.Record}\"");
        output.WriteLine();
        WriteFindings(output, publication.Findings);
        output.WriteLine();
        output.WriteLine(publication.Steps.Count == 0 ? "No steps are required: the policy does not change." : "The steps, in this order:");
        Table.Write(
            output,
            [.. publication.Steps.Select(static (step, i) => (string[])[string.Create(CultureInfo.InvariantCulture, $"{i + 1}."), step])]);
        if (publication.Domain is null)
        {
            output.WriteLine();
            output.WriteLine($"Set your domain in place of {ExampleDomain} with --domain.");
        }
    }

    // Notes on the policies follow the table.
    private static void WriteDomains(TextWriter output, IReadOnlyList<BundledDomain> domains, TlsOutcome? tls)
    {
        List<string[]> rows = [["DOMAIN", "MODE", "MX", "VERDICT", "WHY"]];
        List<string[]> notes = [];
        foreach (BundledDomain domain in domains)
        {
            rows.AddRange(domain.MxHosts.Select(host => (string[])[domain.Domain.Name, .. Columns(domain.Published.Judge(host, tls))]));
            notes.AddRange(domain.Published.Errors.Select(error => (string[])[domain.Domain.Name, error]));
            if (Tolerated(domain.Published) is { } tolerated)
            {
                notes.Add([domain.Domain.Name, tolerated]);
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
        output.WriteLine($"A week of mail to {SimulatedWeek.Domain}. Time, DNS and all hosts are simulated.");
        output.WriteLine("The library makes every decision. PolicyDiscovery applies the cached policy (Apply), fetches one before");
        output.WriteLine("the delivery (Fetch), or applies the cached one while it fetches (ApplyAndFetch). A message that the");
        output.WriteLine("cached policy denies waits for that fetch.");
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
    [
        judgement.Mode is { } mode ? Printable.Word(mode) : "-",
        Printable.Host(judgement.MxHost),
        judgement.VerdictInWords,
        judgement.Why,
    ];

    private static string[] Columns(Finding finding) =>
    [
        finding.Severity.ToString().ToLowerInvariant(),
        $"{finding.Code}",
        finding.Line == 0 ? "-" : string.Create(CultureInfo.InvariantCulture, $"{finding.Line}:{finding.Offset}"),
        finding.Message,
    ];

    private static string? Tolerated(SenderView published) =>
        published.Policy is { Deviations: not Deviations.None and var deviations }
            ? $"accepted despite deviations from the grammar: {deviations}"
            : null;
}
