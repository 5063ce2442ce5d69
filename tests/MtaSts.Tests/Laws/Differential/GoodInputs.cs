using System.Globalization;
using System.Text;

namespace MtaSts.Tests.Differential;

/// <summary>Creates texts to mutate: published ones, and generated valid ones.</summary>
internal static class GoodInputs
{
    private static readonly string Corpus = Path.Combine(AppContext.BaseDirectory, "corpus");

    private static readonly byte[][] PublishedPolicies =
        [.. Directory.GetFiles(Path.Combine(Corpus, "policies"), "*.txt").Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    private static readonly byte[][] PublishedRecords =
        [.. File.ReadAllLines(Path.Combine(Corpus, "records.txt")).Select(Encoding.UTF8.GetBytes)];

    // Few labels, so that hosts and patterns often match.
    private static readonly string[] Labels = ["a", "B", "mx1", "mail", "Mail", "x-1", "xn--bcher-kva", "0", "example", new('l', 63)];
    private static readonly string[] TopLabels = ["com", "example.com", "Example.NET", "mx.example.org", "test"];
    private static readonly string[] Blanks = ["", " ", " ", " ", "\t", "  \t"];
    private static readonly string[] LineEnds = ["\n", "\n", "\r\n", "\r\n", " \n", "\t\r\n"];

    // Patterns that mutation would rarely produce.
    private static readonly string[] BadPatterns =
        ["", "*.", "[192.0.2.1]", "*", "mx*.example.com", "a,b", "b\u00FCcher.example", "a-.com", ".com", new('l', 64)];

    public static byte[] Policy(Random random) =>
        random.Next(3) == 0 ? Pick(random, PublishedPolicies) : Encoding.UTF8.GetBytes(CreatePolicy(random));

    public static byte[] Record(Random random) =>
        random.Next(4) == 0 ? Pick(random, PublishedRecords) : Encoding.UTF8.GetBytes(CreateRecord(random));

    public static byte[] Pattern(Random random) => Encoding.UTF8.GetBytes(CreatePattern(random));

    public static string CreatePattern(Random random) => (random.Next(3) == 0 ? "*." : "") + CreateName(random);

    public static string CreateRecord(Random random)
    {
        List<string> fields = [$"id={CreateId(random)}"];
        for (int more = random.Next(4) - 1; more > 0; more--)
        {
            string[] choices = ["a=b", "id=second", "id=no-id", "v=STSv1", "mode=enforce", "x.y-z_0=!~", $"{new string('n', 32)}=1", "A=%"];
            string field = Pick(random, choices);
            fields.Insert(random.Next(4) == 0 ? 0 : fields.Count, field);
        }

        string separator = Pick(random, ["; ", "; ", ";", ";\t", "; \t"]);
        string beforeSeparator = Pick(random, ["", "", "", " ", "\t"]);
        return $"v=STSv1{beforeSeparator}{separator}{string.Join(separator, fields)}{Pick(random, ["", ";", "; ", " ;"])}";
    }

    public static byte[] LargePolicy(Random random)
    {
        // The padding consists of valid lines, so a text cut at the limit would still be a policy.
        StringBuilder text = new("version: STSv1\nmode: enforce\nmax_age: 1\n");
        string filler = Pick(random, ["mx: *.example.com\n", "# \u00E9\u20AC\n", "x: \U0001F4E7\n", "mx: a\r\n", "\n"]);
        int octets = text.Length;
        int wanted = 65_536 + random.Next(-40, 41);
        while (octets < wanted - filler.Length - 12)
        {
            text.Append(filler);
            octets += Encoding.UTF8.GetByteCount(filler);
        }

        text.Append("mx: ").Append('z', Math.Max(1, wanted - octets - 4));
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static string CreatePolicy(Random random)
    {
        List<string> lines = [];
        string mode = Pick(random, ["enforce", "enforce", "testing", "none"]);
        lines.Add(Line("version", "STSv1"));
        lines.Add(Line("mode", mode));
        for (int left = random.Next(30) == 0 ? random.Next(40) : random.Next(mode == "none" ? 0 : 1, 5); left > 0; left--)
        {
            string pattern = random.Next(50) == 0 ? Pick(random, BadPatterns)
                : CreatePattern(random) + (random.Next(12) == 0 ? "." : "");
            lines.Add(Line("mx", pattern));
        }

        lines.Add(Line("max_age", Pick(random, ["604800", "0", "1", "86400", "31557600", "31557601", "9999999999", "0000086400"])));
        while (random.Next(3) == 0)
        {
            lines.Add(random.Next(6) switch
            {
                0 => Pick(random, ["", " ", "\t \t"]),
                1 => Pick(random, ["#", "  # a comment: with\ttab and \u00E9", "#mx: example.com"]),
                2 => Line("mode", "second value"), // duplicates are not parsed
                3 => Line("max_age", "x"),
                4 => Line(Pick(random, ["contact", "x.y-z_0", "0", new string('n', 32), "MX", "Mode"]), "a \u00E9 \U0001F4E7: #"),
                _ => Line("contact", "b"),
            });
        }

        if (random.Next(3) == 0)
        {
            // The first field of a name counts, so this may change the policy.
            string[] shuffled = [.. lines];
            random.Shuffle(shuffled);
            lines = [.. shuffled];
        }

        string usual = Pick(random, LineEnds);
        string text = string.Concat(lines.Select(line => line + (random.Next(4) == 0 ? Pick(random, LineEnds) : usual)));
        return (random.Next(10) == 0 ? "\uFEFF" : "") + (random.Next(4) == 0 ? text.TrimEnd('\r', '\n') : text);

        string Line(string name, string value) =>
            (random.Next(20) == 0 ? Pick(random, Blanks) : "") + name +
            (random.Next(20) == 0 ? Pick(random, Blanks) : "") + ":" + Pick(random, Blanks) + value;
    }

    private static string CreateName(Random random) =>
        random.Next(40) == 0 ? LongName(random)
        : string.Join('.', [.. Enumerable.Range(0, random.Next(3)).Select(_ => Pick(random, Labels)), Pick(random, TopLabels)]);

    // 251 to 256 octets; 253 are allowed.
    private static string LongName(Random random) =>
        string.Join('.', [.. Enumerable.Repeat(new string('l', 49), 5), new string('m', random.Next(1, 7))]);

    private static string CreateId(Random random) =>
        random.Next(8) == 0 ? new string('i', random.Next(30, 34))
        : Pick(random, ["1", "a", "20160831085700Z", random.Next().ToString(CultureInfo.InvariantCulture)]);

    private static T Pick<T>(Random random, T[] items) => items[random.Next(items.Length)];
}
