using System.Runtime.CompilerServices;

namespace MtaSts;

/// <summary>The outcome of the TXT look-up at <c>_mta-sts.</c> and the policy domain (RFC 8461, Section 3.1).</summary>
/// <remarks>
/// <para>The records that do not begin with <c>v=STSv1;</c> are discarded; then there must be one, and it must be well formed. The grammar also
/// allows blanks before the first semicolon (<c>v=STSv1 ;</c>, erratum 6285): such a record is found if it is the only record of the answer.</para>
/// <para>The name to look up is <see cref="Sts.RecordName"/>. Immutable, and safe for use by several threads.</para>
/// </remarks>
/// <example>
/// <code>
/// TxtAnswer txt = TxtAnswer.FromRecords(["some other record", "v=STSv1; id=20160831085700Z;"]);
/// string? id = txt.Record?.Id; // 20160831085700Z
/// </code>
/// </example>
public sealed class TxtAnswer
{
    private TxtAnswer(TxtStatus status, StsRecord? record = null, ParseError error = default)
    {
        Status = status;
        Record = record;
        Error = error;
    }

    private TxtAnswer(NearRecord near)
        : this(TxtStatus.NoRecord, error: near.Error) => NearRecord = near;

    /// <summary>The answer of a look-up that did not complete, by SERVFAIL, time-out or otherwise: nothing is known.</summary>
    public static TxtAnswer LookupFailed { get; } = new(TxtStatus.LookupFailed);

    /// <summary>The answer that the name does not exist or has no TXT record.</summary>
    public static TxtAnswer NoRecord { get; } = new(TxtStatus.NoRecord);

    /// <summary>What the look-up gave.</summary>
    public TxtStatus Status { get; }

    /// <summary>The record if the status is <see cref="TxtStatus.Found"/>, otherwise null.</summary>
    public StsRecord? Record { get; }

    /// <summary>
    /// What is wrong with the record if the status is <see cref="TxtStatus.InvalidRecord"/>. If it is <see cref="TxtStatus.NoRecord"/>: the
    /// first record of the answer that looks like one of MTA-STS but was discarded, such as <c>v=stsv1; id=1</c> or <c>"v=STSv1; id=1"</c>
    /// with its quotes, as a <see cref="ParseErrorCode.NotAnStsRecord"/>. Otherwise <c>default</c>.
    /// </summary>
    /// <remarks>It is for logs. For a sender, an answer of <see cref="TxtStatus.NoRecord"/> is the same with and without it.</remarks>
    public ParseError Error { get; }

    /// <summary>The record that <see cref="Error"/> tells of if the status is <see cref="TxtStatus.NoRecord"/>, otherwise null.</summary>
    internal NearRecord? NearRecord { get; }

    /// <summary>Whether the record was found although it has whitespace before its first semicolon.</summary>
    internal bool HasBlankBeforeSemicolon { get; private init; }

    /// <summary>Judges the records of an answer.</summary>
    /// <param name="records">Each TXT record as one string; none if the name does not exist or has no TXT record.</param>
    /// <returns>
    /// The outcome. The order of the records does not matter, except that of several that look like one of MTA-STS <see cref="Error"/> has
    /// the first.
    /// </returns>
    /// <exception cref="ArgumentNullException">The records are null.</exception>
    /// <exception cref="ArgumentException">A record is null.</exception>
    [OverloadResolutionPriority(1)] // So that FromRecords([]) is not ambiguous.
    public static TxtAnswer FromRecords(IEnumerable<string> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        int count = 0;
        int candidates = 0;
        string? only = null;
        string? candidate = null;
        NearRecord? near = null;
        foreach (string record in records)
        {
            if (record is null)
            {
                throw new ArgumentException("A record is null.", nameof(records));
            }

            only = record;
            count++;
            if (record.StartsWith("v=STSv1;", StringComparison.Ordinal))
            {
                candidate = record;
                candidates++;
            }
            else
            {
                near ??= NearRecord.Recognize(record);
            }
        }

        if (candidates == 0)
        {
            return count == 1 && StsRecord.TryParse(only, out StsRecord? spaced)
                ? new(TxtStatus.Found, spaced) { HasBlankBeforeSemicolon = true }
                : near is null ? NoRecord : new(near);
        }

        if (candidates > 1)
        {
            return new(TxtStatus.MultipleRecords);
        }

        return StsRecord.TryParse(candidate, out StsRecord? found, out ParseError error)
            ? new(TxtStatus.Found, found)
            : new(TxtStatus.InvalidRecord, error: error);
    }

    /// <summary>Judges the records of an answer as they stand in the DNS.</summary>
    /// <param name="records">Each TXT record as its character-strings, which are joined without a space.</param>
    /// <returns>
    /// The outcome. The order of the records does not matter, except that of several that look like one of MTA-STS <see cref="Error"/> has
    /// the first.
    /// </returns>
    /// <exception cref="ArgumentNullException">The records are null.</exception>
    /// <exception cref="ArgumentException">A record is null.</exception>
    public static TxtAnswer FromRecords(IEnumerable<IEnumerable<string>> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        return FromRecords(records.Select(static strings => strings is null ? null! : string.Concat(strings)));
    }

    /// <summary>Returns the outcome for a log: the status, and the id of the record or what is wrong.</summary>
    /// <returns>One line of printable ASCII.</returns>
    /// <example><c>Found, id 20160831085700Z</c></example>
    public override string ToString() =>
        Record is not null ? $"{Status}, id {Record.Id}"
        : Error.Code is ParseErrorCode.None ? Status.ToString()
        : $"{Status}, {Error}";
}
