namespace MtaSts.Tests;

/// <summary>Compares the vectorized checks of several code units with a check of each unit.</summary>
public sealed class CodeUnitsTests
{
    // Narrowing to bytes turns units from 0x8000 on into NUL on some processors, and may drop the upper byte of others.
    // Both results would pass as ASCII.
    [Fact]
    public void IsShortAscii_OneUnitInEachPlaceOfEachLength_IsFalseForAnyBeyondASCII()
    {
        for (int length = 0; length <= 40; length++)
        {
            string text = new('a', length);
            Check(text, isAscii: true);

            for (int place = 0; place < length; place++)
            {
                foreach (char c in "\0~\x7F\x80\xE9\xFF\u0100\u0141\u017F\u0180\u2C61\u7FFF\u8000\u8A9E\uD800\uDC61\uFF00\uFF41\uFFFF")
                {
                    Check($"{text[..place]}{c}{text[(place + 1)..]}", isAscii: c <= '\x7F');
                }
            }
        }

        static void Check(string text, bool isAscii)
        {
            Assert.True(CodeUnits.IsShortAscii(text) == (isAscii && text.Length is >= 8 and <= 32), text);
        }
    }
}
