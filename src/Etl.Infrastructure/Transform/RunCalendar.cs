using Etl.Application.Extract;
using Etl.Application.Options;
using Etl.Domain.Calendar;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace Etl.Infrastructure.Transform;

/// <summary>
/// Table <c>calendar</c>: the days of the dates file, and every other day from the first to the last that the figures ask
/// for, computed from the settings.
/// </summary>
internal sealed class RunCalendar(DimensionReader files, IOptions<CalendarOptions> options)
{
    /// <summary>The tables that <see cref="WriteAsync"/> reads.</summary>
    public static readonly string[] Inputs = [TransformPlan.Run, "orders_by_day"];

    /// <summary>Creates the table.</summary>
    public const string Table = """
        create table calendar (
          calendar_dt date primary key,
          day_of_the_week_num smallint not null,
          working_day boolean not null,
          from_file boolean not null,
          is_public_holiday boolean not null
            generated always as (day_of_the_week_num between 1 and 5 and not working_day) stored
        )
        """;

    private const string Span = """
        select least(min(d.order_date), run.past_year_first), greatest(max(d.order_date), run.past_year_last)
        from run
        left join orders_by_day as d on true
        group by run.past_year_first, run.past_year_last
        """;

    public async Task WriteAsync(RunSession session, DimensionFiles dimensions, CancellationToken cancellationToken)
    {
        var rules = CalendarRules.Read(options.Value);
        await session.ExecuteAsync(Table, cancellationToken);
        var (first, last) = await ReadSpanAsync(session, cancellationToken);
        var given = new HashSet<DateOnly>();
        if (dimensions.OfRun is { } other)
        {
            await TakeOverAsync(session, other, given, cancellationToken);
        }

        await using var copy = await session.Connection.BeginBinaryImportAsync(
            "copy calendar (calendar_dt, day_of_the_week_num, working_day, from_file) from stdin (format binary)",
            cancellationToken
        );
        if (dimensions.Dates is { } file)
        {
            await new CalendarFile(files).ReadAsync(
                file,
                given,
                day => WriteDayAsync(copy, day, fromFile: true, cancellationToken),
                cancellationToken
            );
        }

        foreach (var day in rules.Days(first, last).Where(d => !given.Contains(d.Date)))
        {
            await WriteDayAsync(copy, day, fromFile: false, cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }

    /// <summary>The days that another run had from its file.</summary>
    private static async Task TakeOverAsync(
        RunSession session,
        RunId other,
        HashSet<DateOnly> given,
        CancellationToken token
    )
    {
        await using var command = session.Command(
            $"""
            insert into calendar (calendar_dt, day_of_the_week_num, working_day, from_file)
            select calendar_dt, day_of_the_week_num, working_day, true
            from {Identifier.Quote(other.Schema, "calendar")} where from_file
            returning calendar_dt
            """
        );
        await using var reader = await command.ExecuteReaderAsync(token);
        while (await reader.ReadAsync(token))
        {
            given.Add(reader.GetFieldValue<DateOnly>(0));
        }
    }

    private static async Task<(DateOnly First, DateOnly Last)> ReadSpanAsync(
        RunSession session,
        CancellationToken token
    )
    {
        await using var command = session.Command(Span);
        await using var reader = await command.ExecuteReaderAsync(token);
        await reader.ReadAsync(token);
        return (reader.GetFieldValue<DateOnly>(0), reader.GetFieldValue<DateOnly>(1));
    }

    private static async ValueTask WriteDayAsync(
        NpgsqlBinaryImporter copy,
        CalendarDay day,
        bool fromFile,
        CancellationToken token
    )
    {
        await copy.StartRowAsync(token);
        await copy.WriteAsync(day.Date, NpgsqlDbType.Date, token);
        await copy.WriteAsync((short)day.DayOfWeek, NpgsqlDbType.Smallint, token);
        await copy.WriteAsync(day.Working, NpgsqlDbType.Boolean, token);
        await copy.WriteAsync(fromFile, NpgsqlDbType.Boolean, token);
    }
}
