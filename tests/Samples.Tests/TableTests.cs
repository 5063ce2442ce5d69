namespace Samples.Tests;

public class TableTests
{
    [Fact]
    public void Write_AlignsColumnsWithoutTrailingSpaces()
    {
        Written(["A", "BB", "C"], ["aaa", "b", ""]).Should().Equal("A    BB  C", "aaa  b");
    }

    [Fact]
    public void Write_FoldsTheLastColumnAt110Columns()
    {
        string word = new('x', 50);

        Written(["12345678", $"{word} {word}"]).Should().Equal($"12345678  {word}", $"          {word}");
        Written(["1234567", $"{word} {word}"]).Should().Equal($"1234567  {word} {word}");
    }

    [Fact]
    public void Write_WideColumns_LeaveTheLastColumnRoom()
    {
        string wide = new('x', 200);

        Written([wide, "12345678901234 678901234567890 x"])
            .Should().Equal($"{wide}  12345678901234 678901234567890", new string(' ', 202) + "x");
    }

    [Fact]
    public void Write_KeepsAWordWhole()
    {
        string word = new('x', 200);

        Written(["a", $"b {word} c"]).Should().Equal("a  b", $"   {word}", "   c");
    }

    [Fact]
    public void Write_NoRows_WritesNothing()
    {
        Written().Should().BeEmpty();
    }

    private static string[] Written(params string[][] rows)
    {
        using StringWriter output = new() { NewLine = "\n" };
        Table.Write(output, rows);
        return output.ToString().Split('\n')[..^1];
    }
}
