namespace Consumer;

/// <summary>Counts the answers and prints the wrong ones.</summary>
internal static class Check
{
    private static int _right;
    private static int _wrong;

    public static void That(string what, bool holds)
    {
        if (holds)
        {
            _right++;
            return;
        }

        _wrong++;
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

    /// <summary>Prints the counts and returns the exit code of the program.</summary>
    public static int Report()
    {
        Console.WriteLine($"{_right} answers are right, {_wrong} are wrong.");
        return _wrong == 0 ? 0 : 1;
    }
}
