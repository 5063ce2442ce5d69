using System.Globalization;
using MtaSts.Linting;

namespace MtaSts.Benchmarks;

/// <summary>Contains the operations of the library and of the straightforward C# that it is compared with.</summary>
internal static class Operations
{
    public readonly struct ParseRecord(string text) : IOperation
    {
        public bool Run(int i) => StsRecord.TryParse(text, out _);
    }

    public readonly struct ParseRecordWithError(string text) : IOperation
    {
        public bool Run(int i) => StsRecord.TryParse(text, out _, out ParseError _);
    }

    public readonly struct NaiveParseRecord(string text) : IOperation
    {
        public bool Run(int i) => NaiveRecord.Parse(text) is not null;
    }

    public readonly struct ParsePolicy(string text) : IOperation
    {
        public bool Run(int i) => Policy.TryParse(text, out _);
    }

    public readonly struct ParseUtf8Policy(byte[] utf8Text) : IOperation
    {
        public bool Run(int i) => Policy.TryParse(utf8Text, out _);
    }

    public readonly struct ParsePolicyWithError(string text) : IOperation
    {
        public bool Run(int i) => Policy.TryParse(text, out _, out ParseError _);
    }

    public readonly struct ParseUtf8PolicyWithError(byte[] utf8Text) : IOperation
    {
        public bool Run(int i) => Policy.TryParse(utf8Text, out _, out ParseError _);
    }

    public readonly struct NaiveParsePolicy(string text) : IOperation
    {
        public bool Run(int i) => NaivePolicy.Parse(text) is not null;
    }

    public readonly struct NaiveParseUtf8Policy(byte[] utf8Text) : IOperation
    {
        public bool Run(int i) => NaivePolicy.Parse(utf8Text) is not null;
    }

    public readonly struct Match(string mxHost, string pattern) : IOperation
    {
        public bool Run(int i) => Sts.MxMatches(mxHost, pattern);
    }

    public readonly struct NaiveMatch(string mxHost, string pattern) : IOperation
    {
        public bool Run(int i) => NaiveSts.MxMatches(mxHost, pattern);
    }

    public readonly struct Enforce(string policyText, string mxHost) : IOperation
    {
        private readonly Policy _policy = Policy.Parse(policyText);

        public bool Run(int i) => Sts.Enforce(_policy, mxHost).Verdict is Verdict.Allow;
    }

    public readonly struct NaiveEnforce(string policyText, string mxHost) : IOperation
    {
        private readonly NaivePolicy? _policy = NaivePolicy.Parse(policyText);

        public bool Run(int i) => NaiveSts.Enforce(_policy, mxHost).Verdict is Verdict.Allow;
    }

    /// <summary>Decides on one host after another. Their number is a power of two.</summary>
    public readonly struct EnforceInTurn(string policyText, string[] mxHosts) : IOperation
    {
        private readonly Policy _policy = Policy.Parse(policyText);

        public bool Run(int i) => Sts.Enforce(_policy, mxHosts[i & (mxHosts.Length - 1)]).Verdict is Verdict.Allow;
    }

    public readonly struct NaiveEnforceInTurn(string policyText, string[] mxHosts) : IOperation
    {
        private readonly NaivePolicy? _policy = NaivePolicy.Parse(policyText);

        public bool Run(int i) => NaiveSts.Enforce(_policy, mxHosts[i & (mxHosts.Length - 1)]).Verdict is Verdict.Allow;
    }

    /// <summary>Parses a policy and makes the first decision by it, which builds the index of a long list.</summary>
    public readonly struct ParseAndEnforce(string policyText, string mxHost) : IOperation
    {
        public bool Run(int i) => Sts.Enforce(Policy.Parse(policyText), mxHost).Verdict is Verdict.Allow;
    }

    public readonly struct Explain(string policyText, string mxHost) : IOperation
    {
        private readonly Policy _policy = Policy.Parse(policyText);

        public bool Run(int i) => _policy.Explain(mxHost).IsAllowed;
    }

    /// <summary>Checks a policy file and a hundred MX hosts.</summary>
    public readonly struct Lint(byte[] utf8Text) : IOperation
    {
        private static readonly PolicyDomain Domain = PolicyDomain.Parse("example.com");
        private static readonly string[] MxHosts =
            [.. Enumerable.Range(0, 100).Select(static i => string.Create(CultureInfo.InvariantCulture, $"x{i:x}.example.com"))];

        public bool Run(int i) =>
            PolicyLint.Check(new Publication(200, "text/plain", utf8Text) { Domain = Domain, MxHosts = MxHosts }).Count > 0;
    }

    /// <summary>Converts a host in U-labels by the framework alone.</summary>
    public readonly struct ToALabels(string mxHost) : IOperation
    {
        private static readonly IdnMapping Mapping = new();

        public bool Run(int i) => Mapping.GetAscii(mxHost).Length > 0;
    }

    public readonly struct LookUp(InMemoryCache cache, string domain) : IOperation
    {
        public bool Run(int i) => cache.TryGet(domain, out _);
    }

    public readonly struct NaiveLookUp(NaiveCache cache, string domain) : IOperation
    {
        public bool Run(int i) => cache.TryGet(domain, out _);
    }

    public readonly struct Get(InMemoryCache cache, PolicyDomain domain) : IOperation
    {
        public bool Run(int i) => cache.GetAsync(domain).ResultNow() is not null;
    }

    /// <summary>Discovers a policy whose cache and source answer at once.</summary>
    public readonly struct Discover(PolicyDiscovery discovery, PolicyDomain domain) : IOperation
    {
        public bool Run(int i) => discovery.DiscoverAsync(domain).ResultNow().Policy is not null;
    }

    public readonly struct NaiveDiscover(NaiveDiscovery discovery, PolicyDomain domain) : IOperation
    {
        public bool Run(int i) => discovery.DiscoverAsync(domain).ResultNow() is not null;
    }
}
