// A user's program with the installed package: calls every public member, and returns 1 when an answer is wrong.
using Consumer;

Records.Run();
Patterns.Run();
await Policies.RunAsync();
Errors.Run();
Decisions.Run();
Refreshing.Run();
await Caching.RunAsync();
await Discovering.RunAsync();
Publishing.Run();

return Check.Report();
