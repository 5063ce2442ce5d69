using System.Globalization;

namespace MtaSts.Linting;

/// <summary>Collects findings and keeps the first twenty of each code.</summary>
/// <remarks>The limit bounds the report: a file of 64 KiB can have 65,536 empty lines.</remarks>
internal sealed class FindingList
{
    private const int MaxPerCode = 20;

    private readonly List<Finding> _findings = [];
    private readonly Dictionary<FindingCode, int> _counts = [];

    public void AddNote(FindingCode code, string message, TextPosition position = default) =>
        Add(code, Severity.Note, () => message, position);

    public void AddWarning(FindingCode code, string message, TextPosition position = default) =>
        Add(code, Severity.Warning, () => message, position);

    public void AddError(FindingCode code, string message, TextPosition position = default, ParseErrorCode broken = ParseErrorCode.None) =>
        Add(code, Severity.Error, () => message, position, broken);

    /// <summary>Adds a finding. One over the limit is only counted, and its message is not created.</summary>
    public void Add(
        FindingCode code,
        Severity severity,
        Func<string> message,
        TextPosition position = default,
        ParseErrorCode broken = ParseErrorCode.None)
    {
        int count = _counts.GetValueOrDefault(code);
        _counts[code] = count + 1;
        if (count < MaxPerCode)
        {
            _findings.Add(new(code, severity, message(), position, broken));
        }
    }

    /// <summary>
    /// Returns the findings in their order. The last of a code with more than twenty has the number of the others.
    /// </summary>
    public IReadOnlyList<Finding> ToList()
    {
        foreach ((FindingCode code, int count) in _counts.Where(static pair => pair.Value > MaxPerCode))
        {
            int last = _findings.FindLastIndex(finding => finding.Code == code);
            _findings[last] = WithMore(_findings[last], count - MaxPerCode);
        }

        return _findings.AsReadOnly();
    }

    private static Finding WithMore(Finding finding, int more) => new(
        finding.Code,
        finding.Severity,
        string.Create(CultureInfo.InvariantCulture, $"{finding.Message} There are {more} more of this kind."),
        new(finding.Line, finding.Offset),
        finding.ParseErrorCode);
}
