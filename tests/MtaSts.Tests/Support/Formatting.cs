using System.Text;

namespace MtaSts.Tests;

internal static class Formatting
{
    /// <summary>Checks both <c>TryFormat</c> methods of a value with <paramref name="room"/> units more than its text needs.</summary>
    public static void Check<T>(T value, string text, int room, bool fits)
        where T : ISpanFormattable, IUtf8SpanFormattable
    {
        value.ToString().Should().Be(text);

        char[] chars = new char[text.Length + room];
        value.TryFormat(chars, out int charsWritten, "", null).Should().Be(fits);
        charsWritten.Should().Be(fits ? text.Length : 0);

        byte[] expected = Encoding.UTF8.GetBytes(text);
        byte[] bytes = new byte[expected.Length + room];
        value.TryFormat(bytes, out int bytesWritten, "", null).Should().Be(fits);
        bytesWritten.Should().Be(fits ? expected.Length : 0);

        if (fits)
        {
            // The rest of the buffer is left unchanged.
            new string(chars).Should().Be(text.PadRight(chars.Length, '\0'));
            bytes.Should().Equal([.. expected, .. new byte[room]]);
        }
    }
}
