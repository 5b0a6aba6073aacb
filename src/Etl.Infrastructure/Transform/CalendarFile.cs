using System.Globalization;
using Etl.Application.Runs;
using Etl.Domain.Calendar;

namespace Etl.Infrastructure.Transform;

/// <summary>Reads <c>dim_dates.csv</c>.</summary>
internal sealed class CalendarFile(DimensionReader files)
{
    private const string Day = "calendar_dt";
    private const string DayOfWeek = "day_of_the_week_num";
    private const string Working = "working_day";

    /// <summary>Passes on the file's days, in its order.</summary>
    /// <param name="file">The pinned file.</param>
    /// <param name="given">The days so far; each day is added, and may not be there before.</param>
    /// <param name="take">Takes a day.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    /// <exception cref="Application.Errors.EtlException">A wrong header, a row that is no day, a day twice.</exception>
    public Task ReadAsync(
        SourceFile file,
        HashSet<DateOnly> given,
        Func<CalendarDay, ValueTask> take,
        CancellationToken cancellationToken
    ) => files.ReadAsync(files.Datasets.Dates, file, row => take(DayOf(row, given)), cancellationToken);

    private static CalendarDay DayOf(DimensionRow row, HashSet<DateOnly> given)
    {
        var date = (DateOnly)row[Day]!;
        if (!given.Add(date))
        {
            throw row.Fault($"{Day} has a day that an earlier row has");
        }

        // A file that counts its week from Sunday would move every holiday, silently.
        var iso = date.DayOfWeek == System.DayOfWeek.Sunday ? 7 : (int)date.DayOfWeek;
        if (
            !decimal.TryParse(
                (string)row[DayOfWeek]!,
                NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out var stated
            )
            || stated != iso
        )
        {
            throw row.Fault($"{DayOfWeek} is not {iso}, the day's number in its week (Monday is 1, Sunday is 7)");
        }

        return new CalendarDay(date, iso, Flag(row));
    }

    private static bool Flag(DimensionRow row) =>
        ((string)row[Working]!).ToLower(CultureInfo.InvariantCulture) switch
        {
            "true" or "t" or "yes" or "y" or "1" => true,
            "false" or "f" or "no" or "n" or "0" => false,
            _ => throw row.Fault($"{Working} is neither true nor false"),
        };
}
