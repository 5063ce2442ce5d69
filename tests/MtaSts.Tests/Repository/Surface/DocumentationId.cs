using System.Reflection;

namespace MtaSts.Tests.Surface;

/// <summary>The names by which the compiler's XML documentation calls types and members.</summary>
internal static class DocumentationId
{
    public static string Of(MemberInfo member) => member switch
    {
        Type type => $"T:{NameOf(type)}",
        FieldInfo => $"F:{NameOf(member.DeclaringType!)}.{member.Name}",
        PropertyInfo property => $"P:{NameOf(member.DeclaringType!)}.{member.Name}{Parameters(property.GetIndexParameters())}",
        ConstructorInfo constructor => $"M:{NameOf(member.DeclaringType!)}.#ctor{Parameters(constructor.GetParameters())}",
        MethodInfo method => $"M:{NameOf(member.DeclaringType!)}.{member.Name}{Parameters(method.GetParameters())}",
        _ => throw new NotSupportedException($"{member}"),
    };

    private static string Parameters(ParameterInfo[] parameters) =>
        parameters.Length == 0 ? "" : $"({string.Join(',', parameters.Select(parameter => NameOf(parameter.ParameterType)))})";

    private static string NameOf(Type type)
    {
        if (type.IsByRef)
        {
            return NameOf(type.GetElementType()!) + "@";
        }

        if (type.IsArray)
        {
            return NameOf(type.GetElementType()!) + "[]";
        }

        string name = type.IsNested ? $"{NameOf(type.DeclaringType!)}.{type.Name}" : $"{type.Namespace}.{type.Name}";
        return type.IsGenericType
            ? $"{name.Split('`')[0]}{{{string.Join(',', type.GetGenericArguments().Select(NameOf))}}}"
            : name;
    }
}
