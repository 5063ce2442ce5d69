using System.Text.RegularExpressions;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace MtaSts.Tests;

/// <summary>Holds the map in docs/architecture.md to the built assembly.</summary>
/// <remarks>
/// A room is a folder of src/MtaSts. Each room depends on exactly the rooms that its row names. All of them are in rows below its own,
/// so there are no circles.
/// </remarks>
public sealed partial class RoomsTests : IDisposable
{
    private const string Source = "src/MtaSts/";
    private const string Root = "(root)";

    private static readonly (string Room, string[] Uses)[] Map =
    [
        .. SourceTree.Read("docs/architecture.md").Split('\n')
            .Select(static line => Row().Match(line))
            .Where(static match => match.Success)
            .Select(static match => (
                match.Groups["room"].Value,
                match.Groups["uses"].Value.Split(", ").Where(static room => room != "nothing").Order(StringComparer.Ordinal).ToArray())),
    ];

    // Each type that a file declares at its top level, and the folder of the file.
    private static readonly Dictionary<string, string> RoomOfType = SourceTree.Files(".cs")
        .Where(static file => file.StartsWith(Source, StringComparison.Ordinal))
        .SelectMany(static file => Declaration().Matches(SourceTree.Read(file))
            .Select(match => (Type: match.Groups["name"].Value, Room: RoomOf(file))))
        .DistinctBy(static declared => declared.Type, StringComparer.Ordinal)
        .ToDictionary(static declared => declared.Type, static declared => declared.Room, StringComparer.Ordinal);

    private readonly ModuleDefinition _module = ModuleDefinition.ReadModule(typeof(Sts).Assembly.Location);

    public static TheoryData<string> Rooms => [.. Map.Select(static row => row.Room)];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void Room_UsesExactlyTheRoomsOfItsRow(string room)
    {
        IEnumerable<string> used = _module.Types
            .Where(type => RoomOf(type) == room)
            .SelectMany(References)
            .Select(RoomOf)
            .OfType<string>()
            .Where(other => other != room)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);

        used.Should().Equal(Map.Single(row => row.Room == room).Uses);
    }

    [Fact]
    public void Map_HasARowForEachFolder() =>
        RoomOfType.Values.Distinct(StringComparer.Ordinal).Should().BeEquivalentTo(Map.Select(static row => row.Room));

    [Fact]
    public void Map_HasNoCircles()
    {
        string[] order = [.. Map.Select(static row => row.Room)];

        foreach ((string room, string[] uses) in Map)
        {
            uses.Should().BeSubsetOf(order[(Array.IndexOf(order, room) + 1)..], $"{room} only uses rooms below it");
        }
    }

    public void Dispose() => _module.Dispose();

    private static string RoomOf(string file)
    {
        string[] parts = file[Source.Length..].Split('/');
        return parts.Length > 1 ? parts[0] : Root;
    }

    // Null for what the compiler adds and for types of the framework.
    private static string? RoomOf(TypeReference type)
    {
        while (type.DeclaringType is not null)
        {
            type = type.DeclaringType;
        }

        return type.Scope is ModuleDefinition && RoomOfType.TryGetValue(type.Name.Split('`')[0], out string? room) ? room : null;
    }

    private static IEnumerable<TypeReference> References(TypeDefinition type) =>
    [
        .. Parts(type.BaseType),
        .. type.Interfaces.SelectMany(static implemented => Parts(implemented.InterfaceType)),
        .. type.Fields.SelectMany(static field => Parts(field.FieldType)),
        .. type.Methods.SelectMany(References),
        .. type.NestedTypes.SelectMany(References),
    ];

    private static IEnumerable<TypeReference> References(MethodDefinition method) =>
    [
        .. Signature(method),
        .. method.HasBody ? method.Body.Variables.SelectMany(static variable => Parts(variable.VariableType)) : [],
        .. method.HasBody ? method.Body.Instructions.SelectMany(References) : [],
    ];

    private static IEnumerable<TypeReference> References(Instruction instruction) => instruction.Operand switch
    {
        TypeReference type => Parts(type),
        FieldReference field => [.. Parts(field.DeclaringType), .. Parts(field.FieldType)],
        MethodReference method => Signature(method),
        _ => [],
    };

    private static IEnumerable<TypeReference> Signature(MethodReference method) =>
    [
        .. Parts(method.DeclaringType),
        .. Parts(method.ReturnType),
        .. method.Parameters.SelectMany(static parameter => Parts(parameter.ParameterType)),
        .. method is GenericInstanceMethod generic ? generic.GenericArguments.SelectMany(Parts) : [],
    ];

    private static IEnumerable<TypeReference> Parts(TypeReference? type) => type switch
    {
        null => [],
        GenericInstanceType generic => [.. Parts(generic.ElementType), .. generic.GenericArguments.SelectMany(Parts)],
        TypeSpecification specification => Parts(specification.ElementType),
        _ => [type],
    };

    [GeneratedRegex(
        @"^\| `?(?<room>(?:[A-Z][A-Za-z]+|\(root\)))`? \| [^|]+ \| (?<uses>[A-Za-z(), ]+) \|$",
        RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Row();

    [GeneratedRegex(
        @"^(?:(?:public|internal|static|sealed|readonly|ref|partial|abstract) )+"
        + @"(?:class|struct|enum|interface|record struct|record) (?<name>\w+)",
        RegexOptions.Multiline, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Declaration();
}
