using System.Runtime.CompilerServices;
using Etl.Application.Runs;
using Etl.Domain.Calendar;

namespace Etl.Infrastructure.Transform;

/// <summary>Reads <c>dim_dates.csv</c>.</summary>
internal sealed class CalendarFile(DimensionReader files)
{
    private static readonly DimensionColumn Day = new("calendar_dt", "calender_dt");
    private static readonly DimensionColumn DayOfWeek = new("day_of_the_week_num");
    private static readonly DimensionColumn Working = new("working_day");

    /// <summary>The file's days, in its order.</summary>
    /// <param name="file">The pinned file.</param>
    /// <param name="given">The days so far; each day is added, and may not be there before.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    /// <exception cref="Application.Errors.EtlException">A wrong header, a record that is no day, a day twice.</exception>
    public async IAsyncEnumerable<CalendarDay> ReadAsync(
        SourceFile file,
        HashSet<DateOnly> given,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var row in files.ReadAsync(file, [Day, DayOfWeek, Working], cancellationToken))
        {
            var date = row.Date(Day);
            if (!given.Add(date))
            {
                throw row.Fault(Day, "the day appears a second time");
            }

            // A file that counts its week from Sunday would move every holiday, silently.
            var iso = date.DayOfWeek == System.DayOfWeek.Sunday ? 7 : (int)date.DayOfWeek;
            if (row.Text(DayOfWeek) == "0" || row.Id(DayOfWeek) != iso)
            {
                throw row.Fault(DayOfWeek, $"the day is day {iso} of its week (Monday is 1, Sunday is 7)");
            }

            yield return new CalendarDay(date, iso, row.Flag(Working));
        }
    }
}
