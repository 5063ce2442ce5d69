namespace Consumer;

/// <summary>Counts the answers and tells the wrong ones.</summary>
internal static class Check
{
    private static int right;
    private static int wrong;

    public static void That(string what, bool holds)
    {
        if (holds)
        {
            right++;
            return;
        }

        wrong++;
        Console.Error.WriteLine($"Wrong: {what}.");
    }

    public static void Throws<TException>(string what, Action action)
        where TException : Exception
    {
        try
        {
            action();
            That($"{what} throws {typeof(TException).Name}", holds: false);
        }
        catch (TException)
        {
            That(what, holds: true);
        }
    }

    /// <summary>The exit code of the program.</summary>
    public static int Report()
    {
        Console.WriteLine($"{right} answers are right, {wrong} are wrong.");
        return wrong == 0 ? 0 : 1;
    }
}
