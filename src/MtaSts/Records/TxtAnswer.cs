using System.Diagnostics.CodeAnalysis;

namespace MtaSts;

/// <summary>
/// Represents the outcome of the TXT lookup at <c>_mta-sts</c> of a policy domain (RFC 8461 section 3.1).
/// </summary>
/// <remarks>
/// <para>Records that do not begin with <c>v=STSv1;</c> are discarded. Exactly one record must be left, and it must be
/// valid. The grammar also allows whitespace before the first semicolon (<c>v=STSv1 ;</c>, erratum 6285). Such a
/// record is accepted only if the answer has no other record.</para>
/// <para>The name to look up is <see cref="PolicyDomain.RecordName"/>. Immutable and safe for use by several
/// threads.</para>
/// </remarks>
/// <example>
/// <code>
/// TxtAnswer txt = TxtAnswer.FromRecords(["some other record", "v=STSv1; id=20160831085700Z;"]);
/// string? id = txt.Record?.Id; // 20160831085700Z
/// </code>
/// </example>
public sealed class TxtAnswer
{
    private TxtAnswer(TxtStatus status) => Status = status;

    /// <summary>
    /// The answer of a lookup that did not complete, because of SERVFAIL, a timeout or another failure: nothing is
    /// known.
    /// </summary>
    public static TxtAnswer LookupFailed { get; } = new(TxtStatus.LookupFailed);

    /// <summary>The answer that the name does not exist or has no TXT record.</summary>
    public static TxtAnswer NoRecord { get; } = new(TxtStatus.NoRecord);

    /// <summary>The outcome of the lookup.</summary>
    public TxtStatus Status { get; }

    /// <summary>
    /// Indicates whether the status is <see cref="TxtStatus.Found"/>, so that <see cref="Record"/> is not null.
    /// </summary>
    [MemberNotNullWhen(true, nameof(Record))]
    public bool IsFound => Record is not null;

    /// <summary>The record if the status is <see cref="TxtStatus.Found"/>; otherwise, null.</summary>
    public StsRecord? Record { get; private init; }

    /// <summary>
    /// The first rule that the record breaks if the status is <see cref="TxtStatus.InvalidRecord"/>. If it is
    /// <see cref="TxtStatus.NoRecord"/>, the first discarded record that looks like an MTA-STS record, as a
    /// <see cref="ParseErrorCode.NotAnStsRecord"/>. Examples are <c>v=stsv1; id=1</c> and <c>"v=STSv1; id=1"</c> with
    /// its quotes. Otherwise, <c>default</c>.
    /// </summary>
    /// <remarks>
    /// For logs and lint. Senders treat <see cref="TxtStatus.NoRecord"/> the same with and without an error.
    /// </remarks>
    public ParseError Error { get; private init; }

    /// <summary>
    /// The discarded record that <see cref="Error"/> shows if the status is <see cref="TxtStatus.NoRecord"/>;
    /// otherwise, null.
    /// </summary>
    internal string? NearRecord { get; private init; }

    /// <summary>Indicates whether the record was found although whitespace precedes its first semicolon.</summary>
    internal bool HasWhitespaceBeforeSemicolon { get; private init; }

    /// <summary>Creates the answer from records that are one string each.</summary>
    /// <param name="records">The TXT records; empty if the name does not exist or has no TXT record.</param>
    /// <returns>The answer. The order of the records matters only for the choice of <see cref="Error"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="records"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="records"/> contains null.</exception>
    public static TxtAnswer FromRecords(IEnumerable<string> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        string[] all = [.. records];
        if (Array.Exists(all, static record => record is null))
        {
            throw new ArgumentException($"{nameof(records)} contains null.", nameof(records));
        }

        string[] candidates = Array.FindAll(all, static record => record.StartsWith("v=STSv1;", StringComparison.Ordinal));
        return candidates switch
        {
            [] => FromDiscarded(all),
            [string candidate] => StsRecord.TryParse(candidate, out StsRecord? record, out ParseError error)
                ? new(TxtStatus.Found) { Record = record }
                : new(TxtStatus.InvalidRecord) { Error = error },
            _ => new(TxtStatus.MultipleRecords),
        };
    }

    /// <summary>
    /// Creates the answer from records as the DNS carries them: as one or more character-strings each.
    /// </summary>
    /// <param name="records">The character-strings of each TXT record, which are joined without a space.</param>
    /// <returns>The answer. The order of the records matters only for the choice of <see cref="Error"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="records"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="records"/> contains null.</exception>
    /// <example>
    /// <code>
    /// TxtAnswer txt = TxtAnswer.FromCharacterStrings([["v=STSv1; ", "id=1"], ["another record"]]);
    /// </code>
    /// </example>
    public static TxtAnswer FromCharacterStrings(IEnumerable<IEnumerable<string>> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        return FromRecords(records.Select(static strings => strings is null ? null! : string.Concat(strings)));
    }

    /// <summary>Returns the status, and the id of the record or the error.</summary>
    /// <returns>One line of printable ASCII for a log, such as <c>Found, id 20160831085700Z</c>.</returns>
    public override string ToString() => Escaping.Join(
        $"{Status}",
        IsFound ? $"id {Record.Id}" : null,
        Error == default ? null : $"{Error}");

    private static TxtAnswer FromDiscarded(string[] records)
    {
        if (records is [string only] && StsRecord.TryParse(only, out StsRecord? record))
        {
            return new(TxtStatus.Found) { Record = record, HasWhitespaceBeforeSemicolon = true };
        }

        string? near = Array.Find(records, static text => MtaSts.NearRecord.IsNear(text));
        if (near is null)
        {
            return NoRecord;
        }

        ParseError.InLine(ParseErrorCode.NotAnStsRecord, CodeUnits.Of(near), .., out ParseError error);
        return new(TxtStatus.NoRecord) { Error = error, NearRecord = near };
    }
}
