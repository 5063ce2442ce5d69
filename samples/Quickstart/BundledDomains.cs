using MtaSts;

namespace Quickstart;

/// <summary>Reads the bundled domains from the folder <c>domains</c>, in place of DNS and HTTPS.</summary>
/// <remarks>
/// <c>record.txt</c> has the TXT records at <c>_mta-sts</c>, one per line; <c>mta-sts.txt</c> is the policy file, byte
/// for byte; <c>mx.txt</c> has the MX hosts, the most preferred first.
/// </remarks>
internal static class BundledDomains
{
    private static readonly string[] Names =
    [
        "shop.example",          // enforce; an attacker has added an MX host to the DNS
        "bank.example",          // enforce; "*" is one label, and one host is two labels deep
        "xn--bcher-kva.example", // enforce; an international name, and a host in capitals with the root dot
        "school.example",        // testing; the backup host is missing from the policy
        "bakery.example",        // an invalid mode: its first letter is a capital
        "club.example",          // opted out
    ];

    public static IReadOnlyList<BundledDomain> Read() => [.. Names.Select(Read)];

    private static BundledDomain Read(string name)
    {
        string folder = $"domains/{name}";
        TxtRecords txt = new($"{folder}/record.txt", File.ReadAllLines(PathOf($"{folder}/record.txt")));
        PolicyFile file = new($"{folder}/mta-sts.txt", File.ReadAllBytes(PathOf($"{folder}/mta-sts.txt")));
        return new(PolicyDomain.Parse(name), SenderView.Of(txt, file), File.ReadAllLines(PathOf($"{folder}/mx.txt")));
    }

    private static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, file);
}
