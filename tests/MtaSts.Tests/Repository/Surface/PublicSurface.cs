using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace MtaSts.Tests.Surface;

/// <summary>Writes what users of an assembly can see, much as they would write it: a block for each type, a line for each member, all in order.</summary>
internal static class PublicSurface
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(char)] = "char",
        [typeof(byte)] = "byte",
        [typeof(short)] = "short",
        [typeof(ushort)] = "ushort",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(double)] = "double",
    };

    public static IEnumerable<Type> Types(Assembly assembly) => assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal);

    public static string Describe(Assembly assembly)
    {
        StringBuilder text = new();
        foreach (Type type in Types(assembly))
        {
            text.Append(text.Length > 0 ? "\n" : "").Append(Header(type)).Append('\n');
            foreach (string member in type.IsEnum ? EnumMembers(type) : Members(type))
            {
                text.Append("    ").Append(member).Append('\n');
            }
        }

        return text.ToString();
    }

    /// <summary>The members that are public, or protected in a class that can be derived from.</summary>
    public static IEnumerable<MemberInfo> VisibleMembers(Type type) => type.GetMembers(Declared).Where(member => member switch
    {
        FieldInfo field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly,
        MethodBase method => IsVisible(method) && (!method.IsSpecialName || method is ConstructorInfo || method.Name.StartsWith("op_", StringComparison.Ordinal)),
        PropertyInfo property => property.GetAccessors(nonPublic: true).Any(IsVisible),
        EventInfo => throw new NotSupportedException($"An event: {member}. Teach this how to write one."),
        _ => false, // nested types have blocks of their own
    });

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Header(Type type)
    {
        RefuseGeneric(type.IsGenericTypeDefinition, type);
        IEnumerable<Type> shown = type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) && !type.IsEnum ? [parent] : [];
        string bases = string.Join(", ", shown.Select(NameOf).Concat(OwnInterfaces(type).Select(NameOf).Order(StringComparer.Ordinal)));
        string name = $"{type.Namespace}.{NameOf(type)}";
        string kind = type.IsEnum ? $"enum {name} : {NameOf(Enum.GetUnderlyingType(type))}"
            : type.IsInterface ? $"interface {name}"
            : type.IsValueType ? $"{(Has<IsReadOnlyAttribute>(type) ? "readonly " : "")}{(type.IsByRefLike ? "ref " : "")}struct {name}"
            : $"{(type is { IsAbstract: true, IsSealed: true } ? "static " : type.IsSealed ? "sealed " : type.IsAbstract ? "abstract " : "")}class {name}";
        return $"{Attributes(type.CustomAttributes)}public {kind}{(bases.Length > 0 ? " : " : "")}{bases}";
    }

    // Neither what the base type brings nor what another of them implies: those lists are the framework's, and grow.
    private static IEnumerable<Type> OwnInterfaces(Type type)
    {
        Type[] all = type.IsEnum ? [] : [.. type.GetInterfaces().Except(type.BaseType?.GetInterfaces() ?? [])];
        return all.Except(all.SelectMany(one => one.GetInterfaces()));
    }

    private static IEnumerable<string> EnumMembers(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(member => (member.Name, Value: Convert.ToInt64(member.GetRawConstantValue(), CultureInfo.InvariantCulture), member.CustomAttributes))
            .OrderBy(member => member.Value)
            .Select(member => string.Create(CultureInfo.InvariantCulture, $"{Attributes(member.CustomAttributes)}{member.Name} = {member.Value}"));

    private static IEnumerable<string> Members(Type type) =>
        VisibleMembers(type)
            .Select(member => (Text: Describe(member), member))
            .OrderBy(pair => pair.member.MemberType switch { MemberTypes.Field => 0, MemberTypes.Constructor => 1, MemberTypes.Property => 2, _ => 3 })
            .ThenBy(pair => pair.member.Name, StringComparer.Ordinal)
            .ThenBy(pair => pair.Text, StringComparer.Ordinal)
            .Select(pair => pair.Text);

    private static string Describe(MemberInfo member) => Attributes(member.CustomAttributes) + (member switch
    {
        FieldInfo field => DescribeField(field),
        ConstructorInfo constructor => $"{Access(constructor)}{NameOf(constructor.DeclaringType!)}({Parameters(constructor.GetParameters(), isExtension: false)})",
        PropertyInfo property => DescribeProperty(property),
        MethodInfo method => DescribeMethod(method),
        _ => throw new NotSupportedException($"{member}"),
    });

    private static string DescribeField(FieldInfo field)
    {
        string type = NameOf(field.FieldType, new NullabilityInfoContext().Create(field));
        return field.IsLiteral
            ? $"public const {type} {field.Name} = {Literal(field.FieldType, field.GetRawConstantValue())}"
            : $"{(field.IsPublic ? "public " : "protected ")}{(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{type} {field.Name}";
    }

    private static string DescribeProperty(PropertyInfo property)
    {
        MethodInfo[] accessors = [.. property.GetAccessors(nonPublic: true).Where(IsVisible)];
        MethodInfo widest = Array.Find(accessors, accessor => accessor.IsPublic) ?? accessors[0];
        string type = ByRef(property.PropertyType, property.CustomAttributes) + NameOf(property.PropertyType, new NullabilityInfoContext().Create(property));
        string name = property.GetIndexParameters() is [_, ..] indices ? $"this[{Parameters(indices, isExtension: false)}]" : property.Name;
        string body = string.Concat(accessors.Select(accessor => AccessorName(property, accessor, Access(accessor) == Access(widest))));
        return $"{Access(widest)}{Modifiers(widest)}{(Has<RequiredMemberAttribute>(property) ? "required " : "")}{type} {name} {{ {body}}}";
    }

    private static string AccessorName(PropertyInfo property, MethodInfo accessor, bool sameAccess)
    {
        bool isInit = accessor.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));
        return $"{(sameAccess ? "" : Access(accessor))}{(accessor == property.GetMethod ? "get" : isInit ? "init" : "set")}; ";
    }

    private static string DescribeMethod(MethodInfo method)
    {
        RefuseGeneric(method.IsGenericMethodDefinition, method);
        string result = Attributes(method.ReturnParameter.CustomAttributes)
            + ByRef(method.ReturnType, method.ReturnParameter.CustomAttributes)
            + NameOf(method.ReturnType, new NullabilityInfoContext().Create(method.ReturnParameter));
        return $"{Access(method)}{Modifiers(method)}{result} {method.Name}({Parameters(method.GetParameters(), Has<ExtensionAttribute>(method))})";
    }

    private static string Access(MethodBase method) =>
        method.DeclaringType!.IsInterface ? "" : method.IsPublic ? "public " : method.IsFamily ? "protected " : "protected internal ";

    private static string Modifiers(MethodInfo method)
    {
        bool isOverride = method.GetBaseDefinition() != method;
        string inheritance = method.DeclaringType!.IsInterface ? (method.IsAbstract ? "" : "virtual ")
            : method.IsAbstract ? "abstract "
            : isOverride ? "override "
            : method is { IsVirtual: true, IsFinal: false } && !method.DeclaringType.IsSealed ? "virtual "
            : "";
        bool isReadOnly = Has<IsReadOnlyAttribute>(method) && !Has<IsReadOnlyAttribute>(method.DeclaringType);
        return $"{(method.IsStatic ? "static " : "")}{inheritance}{(isReadOnly ? "readonly " : "")}";
    }

    private static string Parameters(ParameterInfo[] parameters, bool isExtension) =>
        string.Join(", ", parameters.Select(parameter => (isExtension && parameter.Position == 0 ? "this " : "") + Describe(parameter)));

    private static string Describe(ParameterInfo parameter)
    {
        string passing = Has<ParamArrayAttribute>(parameter) || Has<ParamCollectionAttribute>(parameter) ? "params "
            : Has<ScopedRefAttribute>(parameter) ? "scoped "
            : "";
        string reference = !parameter.ParameterType.IsByRef ? ""
            : parameter.IsOut ? "out "
            : Has<RequiresLocationAttribute>(parameter) ? "ref readonly "
            : parameter.IsIn ? "in "
            : "ref ";
        string type = NameOf(parameter.ParameterType, new NullabilityInfoContext().Create(parameter));
        string value = parameter.HasDefaultValue ? $" = {Literal(parameter.ParameterType, parameter.RawDefaultValue)}" : "";
        return $"{Attributes(parameter.CustomAttributes)}{passing}{reference}{type} {parameter.Name}{value}";
    }

    private static string ByRef(Type type, IEnumerable<CustomAttributeData> attributes) =>
        !type.IsByRef ? "" : attributes.Any(attribute => attribute.AttributeType == typeof(IsReadOnlyAttribute)) ? "ref readonly " : "ref ";

    private static string NameOf(Type type) => NameOf(type, nullability: null);

    private static string NameOf(Type type, NullabilityInfo? nullability)
    {
        if (type.IsByRef)
        {
            return NameOf(type.GetElementType()!, nullability);
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return NameOf(underlying) + "?";
        }

        bool mayBeNull = !type.IsValueType && nullability is { ReadState: NullabilityState.Nullable } or { WriteState: NullabilityState.Nullable };
        string name = Keywords.TryGetValue(type, out string? keyword) ? keyword
            : type.IsArray ? $"{NameOf(type.GetElementType()!, nullability?.ElementType)}[]"
            : (type is { IsNested: true, IsGenericParameter: false } ? $"{NameOf(type.DeclaringType!)}." : "") + type.Name.Split('`')[0];
        if (type.IsGenericType)
        {
            Type[] arguments = type.GetGenericArguments();
            name += $"<{string.Join(", ", arguments.Select((argument, i) => NameOf(argument, nullability?.GenericTypeArguments.ElementAtOrDefault(i))))}>";
        }

        return name + (mayBeNull ? "?" : "");
    }

    private static string Attributes(IEnumerable<CustomAttributeData> attributes) => string.Concat(attributes
        .Where(attribute => Matters(attribute.AttributeType))
        .Select(Describe)
        .Order(StringComparer.Ordinal));

    private static string Describe(CustomAttributeData attribute)
    {
        IEnumerable<string> arguments = attribute.ConstructorArguments.Select(argument => Literal(argument.ArgumentType, argument.Value))
            .Concat(attribute.NamedArguments.Select(argument => $"{argument.MemberName} = {Literal(argument.TypedValue.ArgumentType, argument.TypedValue.Value)}"));
        string list = string.Join(", ", arguments);
        return $"[{attribute.AttributeType.Name.Replace("Attribute", "", StringComparison.Ordinal)}{(list.Length > 0 ? $"({list})" : "")}] ";
    }

    // The compiler's own are written as the keywords they stand for; those for the debugger change nothing for a caller.
    private static bool Matters(Type attribute) => attribute.Namespace switch
    {
        "System.Runtime.CompilerServices" => attribute.Name == "OverloadResolutionPriorityAttribute",
        "System.Runtime.InteropServices" or "System.Reflection" or "System.Diagnostics" => false,
        _ => attribute != typeof(ParamArrayAttribute),
    };

    private static string Literal(Type type, object? value) => value switch
    {
        null => type.IsValueType ? "default" : "null",
        bool flag => flag ? "true" : "false",
        string text => $"\"{text}\"",
        char c => $"'{c}'",
        _ when type.IsEnum => $"{NameOf(type)}.{Enum.ToObject(type, value)}",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static bool Has<T>(MemberInfo member)
        where T : Attribute =>
        member.IsDefined(typeof(T), inherit: false);

    private static bool Has<T>(ParameterInfo parameter)
        where T : Attribute =>
        parameter.IsDefined(typeof(T), inherit: false);

    private static void RefuseGeneric(bool isGeneric, MemberInfo member)
    {
        if (isGeneric)
        {
            throw new NotSupportedException($"Generic: {member}. Teach this how to write parameters and constraints.");
        }
    }
}
