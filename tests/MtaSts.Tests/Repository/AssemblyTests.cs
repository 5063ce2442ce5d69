using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;
using System.Xml.Linq;
using MtaSts.Tests.Surface;

namespace MtaSts.Tests;

/// <summary>What the built library depends on, and what its documentation says of every public type and member.</summary>
public class AssemblyTests
{
    // By name, so that each further one is a decision. All are parts of the framework.
    private static readonly string[] AllowedReferences =
    [
        "System.Collections",
        "System.Collections.Concurrent", // the in-memory cache
        "System.Collections.Immutable",
        "System.ComponentModel.Primitives", // ImmutableObjectAttribute, on CachedPolicy
        "System.Diagnostics.DiagnosticSource", // the cache's counters
        "System.Linq",
        "System.Memory",
        "System.Net.Primitives", // SslPolicyErrors, in TlsOutcomes
        "System.Runtime",
        "System.Runtime.InteropServices",
        "System.Runtime.Intrinsics",
        "System.Security.Cryptography", // X509Chain, in TlsOutcomes
        "System.Text.Encodings.Web", // with the next
        "System.Text.Json", // the form of a cached policy
        "System.Threading",
    ];

    // Whichever assembly they stand in. What ends in a dot is a namespace.
    private static readonly string[] ForbiddenTypes =
    [
        "System.Net.Http.", "System.Net.Sockets.", "System.Net.NetworkInformation.", "System.Net.Mail.", "System.Net.Dns", "System.Net.WebRequest", "System.Net.WebClient",
        "System.Net.Security.SslStream", "System.IO.File", "System.IO.FileInfo", "System.IO.FileStream", "System.IO.Directory", "System.IO.DirectoryInfo", "System.IO.Pipes.",
        "System.Console", "System.Diagnostics.Process", "System.Diagnostics.Trace", "System.Diagnostics.Tracing.", "System.Diagnostics.Stopwatch",
        "System.Text.RegularExpressions.", "System.Threading.Timer", "System.Threading.Thread", "System.Threading.ThreadPool", "Microsoft.Extensions.", "Microsoft.Win32.",
    ];

    // The machine's clock and settings. (Time comes from the caller, as a value or as a TimeProvider.)
    private static readonly string[] ForbiddenMembers =
    [
        "System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTime.get_Today", "System.DateTimeOffset.get_Now", "System.DateTimeOffset.get_UtcNow",
        "System.Environment.get_TickCount", "System.Environment.get_TickCount64", "System.Environment.GetEnvironmentVariable", "System.Threading.Tasks.Task.Run",
    ];

    // Types that need not say how they bear several threads.
    private static readonly Dictionary<Type, string> WithoutThreadSafety = new()
    {
        [typeof(MxPatternList.Enumerator)] = "lives within one foreach",
    };

    private static readonly Assembly Library = typeof(Sts).Assembly;

    private static readonly Dictionary<string, XElement> Documentation =
        XDocument.Load(Path.ChangeExtension(Library.Location, ".xml")).Descendants("member").ToDictionary(member => member.Attribute("name")!.Value, StringComparer.Ordinal);

    public static TheoryData<Type> PublicTypes => [.. PublicSurface.Types(Library)];

    [Fact]
    public void References_OfTheLibrary_AreAmongTheAllowedOnes() =>
        Library.GetReferencedAssemblies().Select(reference => reference.Name).Should().BeSubsetOf(AllowedReferences);

    // The reference to an assembly tells little of what is used of it: System.Runtime holds files and clocks, too.
    [Fact]
    public void Types_UsedByTheLibrary_AreNoneOfNetworkFilesOrConsole()
    {
        string[] used = [.. UsedTypes()];

        used.Should().Contain("System.ReadOnlySpan`1", "the list must be one");
        used.Where(type => ForbiddenTypes.Any(forbidden => forbidden.EndsWith('.') ? type.StartsWith(forbidden, StringComparison.Ordinal) : type == forbidden))
            .Should().BeEmpty();
    }

    [Fact]
    public void Members_UsedByTheLibrary_AreNotTheClock()
    {
        string[] used = [.. UsedMembers()];

        used.Should().Contain("System.TimeSpan.FromSeconds", "the list must be one");
        used.Should().NotIntersectWith(ForbiddenMembers);
    }

    // Without the mark, a trimmed application keeps all of the library, and the warnings of its own analysis are lost.
    [Fact]
    public void Library_IsMarkedAsTrimmable() =>
        Library.GetCustomAttributes<AssemblyMetadataAttribute>().Should().ContainSingle(static mark => mark.Key == "IsTrimmable").Which.Value.Should().Be("True");

    [Theory]
    [MemberData(nameof(PublicTypes))]
    public void Documentation_OfEachPublicType_StatesItsThreadSafety(Type type)
    {
        if (type.IsEnum || type.IsAssignableTo(typeof(Delegate)) || type.IsAssignableTo(typeof(Exception)))
        {
            return;
        }

        bool states = Documentation[DocumentationId.Of(type)].Element("remarks")?.Value.Contains("thread", StringComparison.OrdinalIgnoreCase) is true;
        states.Should().Be(!WithoutThreadSafety.ContainsKey(type), "its remarks say it, or the list above says why not");
    }

    [Theory]
    [MemberData(nameof(PublicTypes))]
    public void Documentation_OfEachPublicTypeAndMember_HasASummary(Type type)
    {
        IEnumerable<MemberInfo> members = type.IsEnum ? type.GetFields(BindingFlags.Public | BindingFlags.Static) : PublicSurface.VisibleMembers(type);

        members.Where(member => !IsMadeByTheCompiler(member)).Prepend(type).Select(DocumentationId.Of).Where(id => !IsDocumented(id)).Should().BeEmpty();
    }

    // What a record brings along, and the constructor of a class that has none.
    private static bool IsMadeByTheCompiler(MemberInfo member) =>
        member.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        || (member is ConstructorInfo constructor && constructor.GetParameters().Length == 0 && constructor.DeclaringType!.GetConstructors().Length == 1);

    // A summary may be a reference alone, which has no text.
    private static bool IsDocumented(string id) =>
        Documentation.TryGetValue(id, out XElement? member)
        && (member.Element("inheritdoc") is not null || member.Element("summary")?.Nodes().Any() is true);

    private static IEnumerable<string> UsedTypes()
    {
        using PEReader file = new(File.OpenRead(Library.Location));
        MetadataReader metadata = file.GetMetadataReader();
        foreach (TypeReferenceHandle handle in metadata.TypeReferences)
        {
            yield return NameOf(metadata, handle);
        }
    }

    private static IEnumerable<string> UsedMembers()
    {
        using PEReader file = new(File.OpenRead(Library.Location));
        MetadataReader metadata = file.GetMetadataReader();
        foreach (MemberReference member in metadata.MemberReferences.Select(metadata.GetMemberReference))
        {
            if (member.Parent.Kind is HandleKind.TypeReference)
            {
                yield return $"{NameOf(metadata, (TypeReferenceHandle)member.Parent)}.{metadata.GetString(member.Name)}";
            }
        }
    }

    private static string NameOf(MetadataReader metadata, TypeReferenceHandle handle)
    {
        TypeReference type = metadata.GetTypeReference(handle);
        return $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}";
    }
}
