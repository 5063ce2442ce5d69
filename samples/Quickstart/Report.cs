using System.Globalization;
using MtaSts;

namespace Quickstart;

/// <summary>What is printed: the judgements as a table, and what there is to say of the policies.</summary>
internal static class Report
{
    /// <summary>Judges and prints several domains, with what there is to say of their policies below the table.</summary>
    public static void WriteDomains(TextWriter output, IReadOnlyList<PolicyDomain> domains, TlsOutcome? tls)
    {
        List<string[]> rows = [["DOMAIN", "MODE", "MX", "VERDICT", "WHY"]];
        List<string[]> notes = [];
        foreach (PolicyDomain domain in domains)
        {
            rows.AddRange(domain.MxHosts.Select(host => (string[])[domain.Name, .. Columns(new Judgement(domain.Published, host, tls))]));
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
        output.WriteLine();
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
                $"policy: mode {Word(policy.Mode)}, max_age {policy.MaxAge.TotalSeconds} seconds, mx lines: {policy.Mx.Count}"));
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

    private static string[] Columns(Judgement judgement) =>
        [judgement.Mode is { } mode ? Word(mode) : "-", Printable.Host(judgement.MxHost), judgement.VerdictInWords, judgement.Why];

    private static string? Tolerated(Publication published) =>
        published.Policy is { Deviations: not Deviations.None and var deviations }
            ? $"accepted, although the grammar does not allow this: {deviations}"
            : null;

    // The names of the modes are the RFC's words, but for the capital.
    private static string Word(PolicyMode mode) => mode.ToString().ToLowerInvariant();
}
