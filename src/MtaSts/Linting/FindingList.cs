using System.Globalization;

namespace MtaSts;

/// <summary>Gathers findings, of each code the first twenty.</summary>
/// <remarks>A file of 64 KiB has room for as many blank lines, and whoever publishes it would otherwise choose how much memory a report takes.</remarks>
internal sealed class FindingList
{
    private const int MaxOfOneCode = 20;

    private readonly List<Finding> _findings = [];
    private readonly Dictionary<FindingCode, int> _counts = [];

    /// <summary>Whether a further finding of this code would be listed, and not just counted.</summary>
    public bool HasRoomFor(FindingCode code) => _counts.GetValueOrDefault(code) < MaxOfOneCode;

    public void Add(Finding finding)
    {
        int count = _counts.GetValueOrDefault(finding.Code);
        _counts[finding.Code] = count + 1;
        if (count < MaxOfOneCode)
        {
            _findings.Add(finding);
        }
    }

    public void Add(FindingCode code, Severity severity, string message, TextPosition place = default) => Add(new(code, severity, message, place));

    /// <summary>The findings in the order in which they came. The last one of a code says how many more there are.</summary>
    public IReadOnlyList<Finding> ToList()
    {
        foreach ((FindingCode code, int count) in _counts)
        {
            if (count > MaxOfOneCode)
            {
                int last = _findings.FindLastIndex(finding => finding.Code == code);
                _findings[last] = WithMore(_findings[last], count - MaxOfOneCode);
            }
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
