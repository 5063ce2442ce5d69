namespace MtaSts.Tests;

/// <summary>What is read several units at a time, next to a look at each unit.</summary>
public sealed class CodeUnitsTests
{
    // Narrowed to bytes, units from 0x8000 on come out as NUL on some processors, and others may lose their upper byte: that would pass for ASCII.
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
