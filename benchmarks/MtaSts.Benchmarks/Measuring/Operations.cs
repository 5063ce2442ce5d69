using System.Globalization;
using System.Text;
using MtaSts.Linting;

namespace MtaSts.Benchmarks;

/// <summary>The operations that are measured, of the library and of the straightforward C# that it is compared with.</summary>
internal static class Operations
{
    public static Repeated ReadRecord(string text) => times =>
    {
        int accepted = 0;
        for (int i = 0; i < times; i++)
        {
            accepted += StsRecord.TryParse(text, out _) ? 1 : 0;
        }

        return accepted;
    };

    public static Repeated ReadRecordOrError(string text) => times =>
    {
        int accepted = 0;
        for (int i = 0; i < times; i++)
        {
            accepted += StsRecord.TryParse(text, out _, out ParseError _) ? 1 : 0;
        }

        return accepted;
    };

    public static Repeated ReadRecordNaively(string text) => times =>
    {
        int accepted = 0;
        for (int i = 0; i < times; i++)
        {
            accepted += NaiveRecord.Parse(text) is not null ? 1 : 0;
        }

        return accepted;
    };

    public static Repeated ReadPolicy(string text) => times =>
    {
        int accepted = 0;
        for (int i = 0; i < times; i++)
        {
            accepted += Policy.TryParse(text, out _) ? 1 : 0;
        }

        return accepted;
    };

    public static Repeated ReadPolicy(byte[] utf8Text) => times =>
    {
        int accepted = 0;
        for (int i = 0; i < times; i++)
        {
            accepted += Policy.TryParse(utf8Text, out _) ? 1 : 0;
        }

        return accepted;
    };

    public static Repeated ReadPolicyOrError(string text) => times =>
    {
        int accepted = 0;
        for (int i = 0; i < times; i++)
        {
            accepted += Policy.TryParse(text, out _, out ParseError _) ? 1 : 0;
        }

        return accepted;
    };

    public static Repeated ReadPolicyOrError(byte[] utf8Text) => times =>
    {
        int accepted = 0;
        for (int i = 0; i < times; i++)
        {
            accepted += Policy.TryParse(utf8Text, out _, out ParseError _) ? 1 : 0;
        }

        return accepted;
    };

    public static Repeated ReadPolicyNaively(string text) => times =>
    {
        int accepted = 0;
        for (int i = 0; i < times; i++)
        {
            accepted += NaivePolicy.Parse(text) is not null ? 1 : 0;
        }

        return accepted;
    };

    public static Repeated ReadPolicyNaively(byte[] utf8Text) => times =>
    {
        int accepted = 0;
        for (int i = 0; i < times; i++)
        {
            accepted += NaivePolicy.Parse(utf8Text) is not null ? 1 : 0;
        }

        return accepted;
    };

    public static Repeated Match(string mxHost, string pattern) => times =>
    {
        int matches = 0;
        for (int i = 0; i < times; i++)
        {
            matches += Sts.MxMatches(mxHost, pattern) ? 1 : 0;
        }

        return matches;
    };

    public static Repeated MatchNaively(string mxHost, string pattern) => times =>
    {
        int matches = 0;
        for (int i = 0; i < times; i++)
        {
            matches += NaiveSts.MxMatches(mxHost, pattern) ? 1 : 0;
        }

        return matches;
    };

    public static Repeated Enforce(string policyText, string mxHost)
    {
        Policy policy = Policy.Parse(policyText);
        return times =>
        {
            int allowed = 0;
            for (int i = 0; i < times; i++)
            {
                allowed += Sts.Enforce(policy, mxHost).Verdict is Verdict.Allow ? 1 : 0;
            }

            return allowed;
        };
    }

    public static Repeated EnforceNaively(string policyText, string mxHost)
    {
        NaivePolicy policy = NaivePolicy.Parse(policyText)!;
        return times =>
        {
            int allowed = 0;
            for (int i = 0; i < times; i++)
            {
                allowed += NaiveSts.Enforce(policy, mxHost).Verdict is Verdict.Allow ? 1 : 0;
            }

            return allowed;
        };
    }

    /// <summary>Decides on one host after another; their number is a power of two.</summary>
    public static Repeated Enforce(string policyText, string[] mxHosts)
    {
        Policy policy = Policy.Parse(policyText);
        return times =>
        {
            int allowed = 0;
            for (int i = 0; i < times; i++)
            {
                allowed += Sts.Enforce(policy, mxHosts[i & (mxHosts.Length - 1)]).Verdict is Verdict.Allow ? 1 : 0;
            }

            return allowed;
        };
    }

    public static Repeated EnforceNaively(string policyText, string[] mxHosts)
    {
        NaivePolicy policy = NaivePolicy.Parse(policyText)!;
        return times =>
        {
            int allowed = 0;
            for (int i = 0; i < times; i++)
            {
                allowed += NaiveSts.Enforce(policy, mxHosts[i & (mxHosts.Length - 1)]).Verdict is Verdict.Allow ? 1 : 0;
            }

            return allowed;
        };
    }

    /// <summary>Reads a policy and decides by it for the first time, which for a long list builds the index.</summary>
    public static Repeated ReadAndEnforce(string policyText, string mxHost) => times =>
    {
        int allowed = 0;
        for (int i = 0; i < times; i++)
        {
            allowed += Sts.Enforce(Policy.Parse(policyText), mxHost).Verdict is Verdict.Allow ? 1 : 0;
        }

        return allowed;
    };

    public static Repeated Explain(string policyText, string mxHost)
    {
        Policy policy = Policy.Parse(policyText);
        return times =>
        {
            int allowed = 0;
            for (int i = 0; i < times; i++)
            {
                allowed += policy.Explain(mxHost).IsAllowed ? 1 : 0;
            }

            return allowed;
        };
    }

    /// <summary>Checks a policy file and a hundred MX hosts.</summary>
    public static Repeated Lint(string text)
    {
        PolicyDomain domain = PolicyDomain.Parse("example.com");
        byte[] utf8Text = Encoding.UTF8.GetBytes(text);
        string[] mxHosts = [.. Enumerable.Range(0, 100).Select(static i => string.Create(CultureInfo.InvariantCulture, $"x{i:x}.example.com"))];
        return times =>
        {
            int findings = 0;
            for (int i = 0; i < times; i++)
            {
                Publication publication = new(200, "text/plain", utf8Text) { Domain = domain, MxHosts = mxHosts };
                findings += PolicyLint.Check(publication).Count;
            }

            return findings;
        };
    }

    /// <summary>What a host in U-labels costs whoever looks it up.</summary>
    public static Repeated ToALabels(string mxHost)
    {
        IdnMapping mapping = new();
        return times =>
        {
            int converted = 0;
            for (int i = 0; i < times; i++)
            {
                converted += mapping.GetAscii(mxHost).Length > 0 ? 1 : 0;
            }

            return converted;
        };
    }

    public static Repeated LookUp(InMemoryCache cache, string domain) => times =>
    {
        int hits = 0;
        for (int i = 0; i < times; i++)
        {
            hits += cache.TryGet(domain, out _) ? 1 : 0;
        }

        return hits;
    };

    public static Repeated LookUp(NaiveCache cache, string domain) => times =>
    {
        int hits = 0;
        for (int i = 0; i < times; i++)
        {
            hits += cache.TryGet(domain, out _) ? 1 : 0;
        }

        return hits;
    };
}
