namespace Quickstart;

/// <summary>The domains that come with the sample, in the folder <c>domains</c>: what DNS and HTTPS would give for each.</summary>
/// <remarks>
/// <c>record.txt</c> has the TXT records at <c>_mta-sts</c>, one a line; <c>mta-sts.txt</c> is the policy file, byte for byte; <c>mx.txt</c> has the
/// MX hosts, the most preferred first.
/// </remarks>
internal static class BundledDomains
{
    private static readonly string[] Names =
    [
        "shop.example",          // enforce; somebody has slipped an MX host of his own into the DNS
        "bank.example",          // enforce; "*" is one label, and one host is two labels deep
        "xn--bcher-kva.example", // enforce; an international name, and a host in capitals with the dot of the root
        "school.example",        // testing; the backup host is missing from the policy
        "bakery.example",        // a mode that is none, for its capital letter
        "club.example",          // opted out
    ];

    public static IReadOnlyList<BundledDomain> Read() => [.. Names.Select(Read)];

    private static BundledDomain Read(string name)
    {
        string folder = $"domains/{name}";
        TxtRecords txt = new($"{folder}/record.txt", File.ReadAllLines(PathOf($"{folder}/record.txt")));
        PolicyFile file = new($"{folder}/mta-sts.txt", File.ReadAllBytes(PathOf($"{folder}/mta-sts.txt")));
        return new(name, Publication.Read(txt, file), File.ReadAllLines(PathOf($"{folder}/mx.txt")));
    }

    private static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, file);
}
