// Looks into the consumer (argument: its built assembly, with the library beside it) and returns 1 when there is a public member that
// it does not call.
using System.Reflection;
using ConsumerCheck;

Assembly consumer = Assembly.LoadFrom(Path.GetFullPath(args[0]));
Assembly library = Assembly.LoadFrom(Path.Combine(Path.GetDirectoryName(consumer.Location)!, "MtaSts.dll"));

MethodBase[] members = [.. EntryPoints.Of(library)];
HashSet<MethodBase> called = Calls.From(consumer.EntryPoint!, library);
MethodBase[] missing = [.. members.Where(member => !called.Contains(member))];
foreach (MethodBase member in missing)
{
    Console.Error.WriteLine($"The consumer does not call this of {member.DeclaringType}: {member}");
}

Console.WriteLine($"The consumer calls {members.Length - missing.Length} of {members.Length} public members.");
return missing.Length == 0 && members.Length > 0 ? 0 : 1;
