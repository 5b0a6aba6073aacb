namespace Etl.Domain.Datasets;

/// <summary>
/// Reads days in declared formats, the first that fits. A timestamp with an offset becomes a day in the time zone of the
/// format; one without an offset has its own day.
/// </summary>
public sealed class DateReader : FieldReader
{
    private readonly DateFormat[] formats;
    private readonly ZoneDays zone;

    private DateReader(IEnumerable<DateFormat> formats, TimeZoneInfo zone) =>
        (this.formats, this.zone) = ([.. formats], new ZoneDays(zone));

    /// <inheritdoc/>
    public override string? Written => $"written {string.Join(" or ", formats.Select(f => f.Text))}";

    /// <summary>The reader of a format; null where it has the standard date format.</summary>
    /// <exception cref="FormatException">A date format or the time zone is invalid.</exception>
    public static DateReader? Of(FileFormat format) =>
        format.DateFormats is [FileFormat.StandardDate]
            ? null
            : new DateReader(
                format.DateFormats.Select(DateFormat.Parse),
                TimeZoneInfo.FindSystemTimeZoneById(format.TimeZone)
            );

    /// <inheritdoc/>
    public override RejectCode Read(ReadOnlySpan<byte> field, out long value)
    {
        var code = RejectCode.BadDate;
        foreach (var format in formats)
        {
            if (!format.TryRead(field, out var time))
            {
                continue;
            }

            value = time.Offset is null ? time.DayNumber : zone.DayOf(time);
            if (value >= FieldRules.MinDate.DayNumber && value <= FieldRules.MaxDate.DayNumber)
            {
                return RejectCode.None;
            }

            code = RejectCode.OutOfRange;
        }

        value = 0;
        return code;
    }
}
