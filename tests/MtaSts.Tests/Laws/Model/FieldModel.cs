namespace MtaSts.Tests.Model;

/// <summary>Defines the parts that the grammars of record and policy share, as regular expressions.</summary>
internal static class FieldModel
{
    /// <summary>WSP (RFC 5234, Appendix B.1).</summary>
    public const string Blanks = @"[ \t]*";

    /// <summary>sts-ext-name and sts-policy-ext-name.</summary>
    public const string Name = "[A-Za-z0-9][A-Za-z0-9_.-]{0,31}";

    /// <summary>
    /// sts-policy-vchar = %x21-7E / UTF8-2 / UTF8-3 / UTF8-4; the next two add a space, and a space or tab.
    /// </summary>
    public const string Visible = @"(?:[\x21-\x7E\u0080-\uD7FF\uE000-\uFFFF]|[\uD800-\uDBFF][\uDC00-\uDFFF])";
    public const string VisibleOrSpace = @"(?:[\x20-\x7E\u0080-\uD7FF\uE000-\uFFFF]|[\uD800-\uDBFF][\uDC00-\uDFFF])";
    public const string VisibleOrBlank = @"(?:[\t\x20-\x7E\u0080-\uD7FF\uE000-\uFFFF]|[\uD800-\uDBFF][\uDC00-\uDFFF])";

    /// <summary>sts-policy-ext-value.</summary>
    public const string PolicyValue = $"{Visible}(?:{VisibleOrSpace}*{Visible})?";

    /// <summary>A limit that no test should reach: an expression that hangs fails its test.</summary>
    public const int TimeoutMilliseconds = 10_000;

    /// <summary>Returns the first field of each name, without the fields of the given names.</summary>
    public static List<KeyValuePair<string, string>> FirstOfEachBut(
        IEnumerable<(string Name, string Value)> fields, params string[] names) =>
        [.. fields.Where(field => !names.Contains(field.Name))
            .GroupBy(field => field.Name, StringComparer.Ordinal)
            .Select(group => KeyValuePair.Create(group.Key, group.First().Value))];
}
