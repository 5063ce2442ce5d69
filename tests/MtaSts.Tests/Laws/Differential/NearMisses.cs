using System.Text;
using MtaSts.Tests.Model;

namespace MtaSts.Tests.Differential;

/// <summary>Creates near misses that are not a single text: hosts with patterns, answers, media types.</summary>
internal static class NearMisses
{
    private static readonly string[] International = [.. MxModel.InternationalLabels.Keys];

    // Printable or not, but always ASCII: the only non-ASCII labels the model knows are those of its table.
    private static readonly string[] OddLabels =
    [
        "", "*", "_", "a_b", "-", "a-", "+", "~", "!", " ", "a b", "\0", "a\0", "\t", "\u007F", "\u001F", "\u0001", "\u000E",
        new('l', 63), new('l', 64), new('l', 255),
    ];

    private static readonly string[] OtherRecords =
    [
        "", "v=spf1 -all", "v=TLSRPTv1; rua=mailto:a@example.com", "v=STSv1", "v=STSv1;", "v=STSv10; id=1", "V=STSv1; id=1",
        " v=STSv1; id=1", "v=STSv1 ; id=1",
        "\"v=STSv1; id=1\"", "v=STSv1\\; id=1\\;", "v=TLSRPTv1; rua=mailto:stsv1@example.com", "_mta-sts IN TXT \"v=STSv1; id=1\"",
    ];

    private static readonly string[] MediaTypes =
    [
        "text/plain", "text/plain", "text/plain;charset=utf-8", "text/plain; charset=\"us-ascii\"; x=y", "TEXT/Plain ; a=b",
        "text/plain;", "text/plain\t;,",
        "text/plain; a=\"b,c\\\"d\"", "text/plain; a=\"b\\\\\", text/html",
        "text/html", "text/plain, text/html", "application/json", "text/plain2", "",
    ];

    public static (string Host, string Pattern) HostAndPattern(Random random)
    {
        string pattern = GoodInputs.CreatePattern(random);
        string host = HostFor(random, pattern);
        return (host, random.Next(5) == 0 ? OtherPattern(random, pattern) : pattern);
    }

    public static (string[] Hosts, string[] Patterns) HostsAndPatterns(Random random, int hosts, int fewest, int most)
    {
        string[] patterns = [.. Enumerable.Range(0, random.Next(fewest, most + 1)).Select(i => Vary(i, GoodInputs.CreatePattern(random)))];
        patterns = [.. patterns.Select(pattern => MxModel.ParsePattern(pattern) is null ? "example.com" : pattern)];
        return ([.. Enumerable.Range(0, hosts).Select(_ => HostFor(random, patterns[random.Next(patterns.Length)]))], patterns);

        // Most patterns of a long list differ; some occur twice, or once as a name and once as a wildcard.
        string Vary(int i, string pattern) => random.Next(3) == 0 ? pattern : $"{pattern}.n{i % 97}.test";
    }

    public static string[] Answer(Random random)
    {
        int count = random.Next(5) switch { 0 => 0, 1 or 2 => 1, 3 => 2, _ => 3 };
        string[] records = [.. Enumerable.Range(0, count).Select(_ => random.Next(3) switch
        {
            0 => GoodInputs.CreateRecord(random),
            1 => Encoding.Latin1.GetString(Mutator.NearMiss(random, GoodInputs.Record(random), () => GoodInputs.Record(random))),
            _ => OtherRecords[random.Next(OtherRecords.Length)],
        })];
        return records;
    }

    public static string? MediaType(Random random)
    {
        if (random.Next(50) == 0)
        {
            return null;
        }

        byte[] Another() => Encoding.UTF8.GetBytes(random.GetItems(MediaTypes, 1)[0]);
        return ModelText.Of(Mutator.NearMiss(random, Another(), Another)).Characters;
    }

    private static string HostFor(Random random, string pattern)
    {
        List<string> labels = [.. pattern.Split('.')];
        if (labels[0] == "*")
        {
            labels[0] = AnyLabel(random);
        }

        for (int left = random.Next(4) - 1; left > 0; left--)
        {
            int at = random.Next(labels.Count);
            switch (random.Next(7))
            {
                case 0:
                    labels.Insert(at, AnyLabel(random));
                    break;
                case 1:
                    labels.RemoveAt(at);
                    labels.AddRange(labels.Count == 0 ? ["com"] : []);
                    break;
                case 2:
                    labels[at] = AnyLabel(random);
                    break;
                case 3:
                    labels[at] = Flip(random, labels[at]);
                    break;
                default:
                    labels[at] = labels[at].All(char.IsAscii) ? labels[at].ToUpperInvariant() : labels[at];
                    break;
            }
        }

        string host = string.Join('.', labels);
        return random.Next(12) switch
        {
            0 or 1 or 2 => host + ".",
            3 => host + "..",
            4 => "." + host,
            _ => host,
        };
    }

    /// <summary>Flips bit 0x20 of one character: letter case, but also '.' from 0x0E and '@' from '`'.</summary>
    private static string Flip(Random random, string label)
    {
        if (label.Length == 0 || !label.All(char.IsAscii))
        {
            return label;
        }

        char[] flipped = label.ToCharArray();
        flipped[random.Next(flipped.Length)] ^= '\x20';
        return new string(flipped);
    }

    private static string AnyLabel(Random random) => random.Next(6) switch
    {
        0 => International[random.Next(International.Length)],
        1 => OddLabels[random.Next(OddLabels.Length)],
        _ => random.GetItems<string>(["a", "mail", "MX1", "xn--bcher-kva", "xn--R8JZ45G", "0"], 1)[0],
    };

    private static string OtherPattern(Random random, string pattern) => random.Next(8) switch
    {
        0 => pattern + ".",
        1 => "*" + pattern,
        2 => "*." + pattern,
        3 => pattern.Replace(".", "..", StringComparison.Ordinal),
        4 => pattern.ToUpperInvariant(),
        5 => pattern.Replace("*.", "", StringComparison.Ordinal),
        6 => " " + pattern,
        _ => "",
    };
}
