using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace ConsumerCheck;

/// <summary>Follows the calls of a program from its start, as its compiled code has them.</summary>
/// <remarks>
/// A generic method is followed for the types with which it is called, so that a call of <c>T.Parse</c> counts for each of them. What only the framework
/// calls is not followed, but for lambdas and asynchronous methods.
/// </remarks>
internal static class Calls
{
    /// <summary>The methods of a library that the program calls.</summary>
    public static HashSet<MethodBase> From(MethodInfo start, Assembly library)
    {
        HashSet<MethodBase> found = [];
        HashSet<MethodBase> seen = [];
        Stack<MethodBase> waiting = new([start]);
        while (waiting.TryPop(out MethodBase? method))
        {
            if (method.Module.Assembly == library)
            {
                found.Add(method);
            }
            else if (method.Module == start.Module && seen.Add(method))
            {
                foreach (MethodBase called in Of(method))
                {
                    waiting.Push(called);
                }
            }
        }

        return found;
    }

    private static IEnumerable<MethodBase> Of(MethodBase method)
    {
        if (method.GetCustomAttribute<StateMachineAttribute>() is { } attribute)
        {
            yield return attribute.StateMachineType.GetMethod("MoveNext", BindingFlags.NonPublic | BindingFlags.Instance)!;
        }

        Type[]? typeArguments = method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
        Type[]? methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        Type? receiver = null;
        foreach ((OpCode code, int token) in Instructions.Of(method))
        {
            if (code == OpCodes.Constrained)
            {
                receiver = method.Module.ResolveType(token, typeArguments, methodArguments);
            }
            else if (code.OperandType is OperandType.InlineMethod)
            {
                MethodBase called = method.Module.ResolveMethod(token, typeArguments, methodArguments)!;
                yield return receiver is null ? called : Implementation((MethodInfo)called, receiver);
                receiver = null;
            }
        }
    }

    /// <summary>What is called when a method of an interface or of a base type is called on a type that may have its own.</summary>
    private static MethodInfo Implementation(MethodInfo method, Type receiver)
    {
        if (method.DeclaringType!.IsInterface && !receiver.IsInterface)
        {
            InterfaceMapping map = receiver.GetInterfaceMap(method.DeclaringType);
            return map.TargetMethods[Array.IndexOf(map.InterfaceMethods, method)];
        }

        return receiver.GetMethods().FirstOrDefault(candidate => candidate.GetBaseDefinition() == method) ?? method;
    }
}
