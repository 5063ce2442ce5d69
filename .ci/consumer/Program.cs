// What a user's program does with the installed package; returns 1 when an answer is wrong.
using MtaSts;

const string Enforcing = "version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmx: *.example.net\r\nmax_age: 604800\r\n";
int wrong = 0;

Check("a policy parses", Policy.TryParse(Enforcing, out Policy? policy));
Check("a policy parses from UTF-8", Policy.TryParse("version: STSv1\nmode: testing\nmx: a.example\nmax_age: 1\n"u8, out Policy? testing));
Check("an unknown mode is refused", !Policy.TryParse(Enforcing.Replace("enforce", "always", StringComparison.Ordinal), out _));
Check("the policy formats as it was written", policy?.ToString() == Enforcing);

Check("a listed host is allowed", Sts.Enforce(policy, "mail.example.com").Verdict == Verdict.Allow);
Check("a wildcard matches one label", Sts.Enforce(policy, "MX1.example.net").Verdict == Verdict.Allow);
Check("a wildcard does not match two labels", Sts.Enforce(policy, "a.mx1.example.net").Verdict == Verdict.Deny);
Check("a rogue host is denied", Sts.Enforce(policy, "mail.example.org").Verdict == Verdict.Deny);
Check("testing reports", Sts.Enforce(testing, "mail.example.org").Verdict == Verdict.AllowAndReport);
Check("without a policy there is no verdict", Sts.Enforce(null, "mail.example.com").Verdict == Verdict.NoPolicy);

Check("a record parses", StsRecord.TryParse("v=STSv1; id=20260101T000000Z;", out var record) && record!.Id.ToString() == "20260101T000000Z");
Check("one record is found", TxtAnswer.FromRecords(new[] { "v=spf1 -all", "v=STSv1; id=1;" }).Status == TxtStatus.Found);
Check("two records are none", TxtAnswer.FromRecords(new[] { "v=STSv1; id=1;", "v=STSv1; id=2;" }).Status == TxtStatus.MultipleRecords);
Check("a pattern matches", MxPattern.Parse("*.example.com").Matches("mail.example.com"));
Check("the URL", Sts.PolicyUrl("Example.com.") == "https://mta-sts.example.com/.well-known/mta-sts.txt");

if (wrong == 0)
{
    Console.WriteLine("All answers are right.");
}

return wrong == 0 ? 0 : 1;

void Check(string what, bool holds)
{
    if (!holds)
    {
        wrong++;
        Console.Error.WriteLine($"Wrong: {what}.");
    }
}
