using MtaSts;

namespace Consumer;

/// <summary>Checks the errors of rejected texts.</summary>
internal static class Errors
{
    private const string Reason = "expected an id of 1 to 32 ASCII letters and digits, found \"a-b\" (RFC 8461 section 3.1)";

    public static void Run()
    {
        ParseError error = Of("v=STSv1; id=a-b");
        Check.That("an error", error is { Code: ParseErrorCode.InvalidId, Line: 1, Offset: 12, Reason: Reason });
        Check.That("equal errors", error == Of("v=STSv1; id=a-b; more=c") && !(error == default));
        Check.That("different errors", error != Of("v=STSv1; id=a_b") && !(error != Of("v=STSv1; id=a-b")));
        Interfaces.CheckEquality(error, Of("v=STSv1; id=a-b"), default);
        Interfaces.CheckText(error, "line 1, offset 12: " + Reason);

        try
        {
            StsRecord.Parse("v=STSv1; id=a-b");
            Check.That("a malformed record throws", holds: false);
        }
        catch (MtaStsFormatException exception)
        {
            Check.That("the exception has the error", exception.Error == error && exception.Message == error.ToString());
        }

        Exception inner = new InvalidOperationException();
        Check.That("an exception for an error", new MtaStsFormatException(error).Error == error);
        Check.That("an exception without an error", new MtaStsFormatException().Error == default);
        Check.That("an exception with a message", new MtaStsFormatException("x").Message == "x");
        Check.That("an exception with a cause", new MtaStsFormatException("x", inner).InnerException == inner);
    }

    private static ParseError Of(string record)
    {
        Check.That($"\"{record}\" is rejected", !StsRecord.TryParse(record, out _, out ParseError error));
        return error;
    }
}
