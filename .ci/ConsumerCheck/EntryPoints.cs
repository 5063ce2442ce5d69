using System.Reflection;

namespace ConsumerCheck;

/// <summary>The ways into a library: whatever of its code a user's code can call.</summary>
internal static class EntryPoints
{
    private const BindingFlags PublicOwn = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>The public constructors, methods, operators and accessors of the public types, and what else implements an interface for them.</summary>
    /// <remarks>Fields are missing, which all are constants: the compiler puts their values into the caller.</remarks>
    public static IEnumerable<MethodBase> Of(Assembly library) => library.GetExportedTypes().SelectMany(Of).Distinct();

    private static IEnumerable<MethodBase> Of(Type type) => [.. type.GetConstructors(), .. type.GetMethods(PublicOwn), .. Implementations(type)];

    // Many are private by name: int IParsable<int>.Parse(…).
    private static IEnumerable<MethodBase> Implementations(Type type) => type.IsInterface || type.IsEnum ? [] : type
        .GetInterfaces()
        .SelectMany(implemented => type.GetInterfaceMap(implemented).TargetMethods)
        .Where(method => method.DeclaringType == type);
}
