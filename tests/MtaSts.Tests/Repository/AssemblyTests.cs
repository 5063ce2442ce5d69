using System.ComponentModel;
using System.Reflection;
using System.Xml.Linq;
using MtaSts.Linting;

namespace MtaSts.Tests;

/// <summary>Checks what no analyzer checks: the references of the built library and the content of its documentation.</summary>
public class AssemblyTests
{
    // All belong to the framework. Each is named, because each further one is a decision.
    private static readonly string[] AllowedReferences =
    [
        "System.Collections",
        "System.Collections.Concurrent", // the in-memory cache
        "System.Collections.Immutable",
        "System.ComponentModel.Primitives", // ImmutableObjectAttribute, on CachedPolicy
        "System.Diagnostics.DiagnosticSource", // metrics and activities
        "System.IO.Pipelines", // the lines of a snapshot
        "System.Linq",
        "System.Linq.AsyncEnumerable", // the domains of two tiers
        "System.Memory",
        "System.Net.Primitives", // SslPolicyErrors, in TlsOutcomes
        "System.Runtime",
        "System.Runtime.InteropServices",
        "System.Runtime.Intrinsics",
        "System.Security.Cryptography", // X509Chain, in TlsOutcomes
        "System.Text.Encodings.Web", // used together with System.Text.Json
        "System.Text.Json", // the JSON form of a cache entry
        "System.Threading",
        "System.Threading.Tasks.Parallel", // the concurrent fetches of RefreshDueAsync
    ];

    // Types whose remarks do not state their thread safety, and the reason.
    private static readonly Dictionary<Type, string> WithoutThreadSafety = new()
    {
        [typeof(MxPatternList.Enumerator)] = "lives within one foreach",
    };

    private static readonly Assembly Library = typeof(Sts).Assembly;

    // By documentation id. The compiler rejects a public type or member that is not among them (CS1591).
    private static readonly Dictionary<string, XElement> Documentation = XDocument.Load(Path.ChangeExtension(Library.Location, ".xml"))
        .Descendants("member")
        .ToDictionary(member => member.Attribute("name")!.Value, StringComparer.Ordinal);

    public static TheoryData<Type> PublicTypes => [.. Library.GetExportedTypes()];

    [Fact]
    public void References_OfTheLibrary_AreAmongTheAllowedOnes() =>
        Library.GetReferencedAssemblies().Select(reference => reference.Name).Should().BeSubsetOf(AllowedReferences);

    // Without the mark, a trimmed application keeps the whole library and loses the warnings of the trim analysis.
    [Fact]
    public void Library_IsMarkedAsTrimmable() =>
        Library.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Should().ContainSingle(static mark => mark.Key == "IsTrimmable").Which.Value.Should().Be("True");

    // The namespace of publishers and monitors. Senders need none of these types.
    [Fact]
    public void Linting_HasExactlyTheTypesForPublishers() =>
        Library.GetExportedTypes().Where(static type => type.Namespace != "MtaSts").Should()
            .OnlyContain(static type => type.Namespace == "MtaSts.Linting")
            .And.BeEquivalentTo(
            [
                typeof(Finding), typeof(FindingCode), typeof(MxExplanation), typeof(NearMiss), typeof(NearMissReason),
                typeof(PolicyExtensions), typeof(PolicyLint), typeof(PolicyRollover), typeof(Publication), typeof(RolloverReport),
                typeof(Severity),
            ]);

    // HybridCache then returns the same instance to each caller, without a copy.
    [Fact]
    public void CachedPolicy_IsMarkedAsImmutable() =>
        typeof(CachedPolicy).GetCustomAttribute<ImmutableObjectAttribute>()!.Immutable.Should().BeTrue();

    [Theory]
    [MemberData(nameof(PublicTypes))]
    public void Documentation_OfEachPublicType_StatesItsThreadSafety(Type type)
    {
        if (type.IsEnum || type.IsAssignableTo(typeof(Delegate)) || type.IsAssignableTo(typeof(Exception)))
        {
            return;
        }

        string id = $"T:{type.FullName!.Replace('+', '.')}";
        bool states = Documentation[id].Element("remarks")?.Value.Contains("thread", StringComparison.OrdinalIgnoreCase) is true;
        states.Should().Be(!WithoutThreadSafety.ContainsKey(type), "its remarks state it, or the list above gives a reason");
    }

    // By nodes, because a summary that is only a reference has no text.
    [Fact]
    public void Documentation_OfEachTypeAndMember_HasASummary() =>
        Documentation.Should().HaveCountGreaterThan(100)
            .And.OnlyContain(static member => member.Value.Elements("inheritdoc").Any()
                || member.Value.Elements("summary").Any(static summary => summary.Nodes().Any()));
}
