using Etl.Application.Runs;
using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using Etl.Infrastructure.Stage.Copy;
using Npgsql;

namespace Etl.Infrastructure.Stage.Quarantine;

/// <summary>
/// The rejected rows of a dataset, encoded as they come. A few wait for the transaction of the load; many are sent in batches
/// on a connection of their own, so that memory stays bounded. The first <paramref name="maxRows"/> are stored, later ones are
/// only counted.
/// </summary>
internal sealed class QuarantineWriter(NpgsqlDataSource database, RunId run, Dataset dataset, int maxRows)
{
    private const int BatchBytes = 1 << 20;

    private const string CopyCommand =
        "copy etl.quarantine (run_id, dataset, part, version, line, byte_offset, column_name, code, message, raw) "
        + "from stdin with (format binary)";

    private readonly CopyBuffer rows = new(16 * 1024);
    private int kept;

    public bool WantsRow => kept < maxRows;

    public bool IsFull => rows.Length >= BatchBytes;

    public void Add(SourceFile file, RejectedRow row)
    {
        kept++;
        rows.BeginRow(10);
        rows.Text(run.ToString());
        rows.Text(dataset.Name);
        rows.Text(file.Path);
        rows.Text(file.Version);
        rows.Int64(row.Line);
        rows.Int64(row.ByteOffset);
        if (row.Column is { } column)
        {
            rows.Text(column);
        }
        else
        {
            rows.Null();
        }

        rows.Text(row.Code.Text());
        rows.Text(row.Message);
        rows.Bytes(row.Raw.Span);
    }

    /// <summary>Drops what another loader stored of a part before it died.</summary>
    public Task ForgetAsync(SourceFile file, CancellationToken cancellationToken) =>
        database.ExecuteAsync(
            $"delete from etl.quarantine where run_id = {run.ToString()} and dataset = {dataset.Name} and part = {file.Path}",
            cancellationToken
        );

    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await WriteAsync(connection, cancellationToken);
    }

    /// <summary>Writes the last rows, and the true counts of each part.</summary>
    /// <param name="connection">In the transaction of the load.</param>
    /// <param name="counts">The counts by part.</param>
    /// <param name="cancellationToken">Stops the statements.</param>
    /// <returns>The sums of the counts by part, as the database adds them.</returns>
    public async Task<IReadOnlyDictionary<string, long>> CompleteAsync(
        NpgsqlConnection connection,
        IEnumerable<(string Part, IReadOnlyDictionary<RejectCode, long> Rows)> counts,
        CancellationToken cancellationToken
    )
    {
        await WriteAsync(connection, cancellationToken);
        var all = counts.SelectMany(c => c.Rows.Select(r => (c.Part, Code: r.Key.Text(), Rows: r.Value))).ToList();
        await connection.ExecuteSqlAsync(
            """
            insert into etl.reject_counts (run_id, dataset, part, code, rows)
            select $1, $2, part, code, rows from unnest($3, $4, $5) as counts (part, code, rows)
            """,
            [
                run.ToString(),
                dataset.Name,
                all.Select(c => c.Part).ToArray(),
                all.Select(c => c.Code).ToArray(),
                all.Select(c => c.Rows).ToArray(),
            ],
            cancellationToken
        );
        var sums = await connection.ReadRowsAsync(
            "select part, sum(rows)::bigint from etl.reject_counts where run_id = $1 and dataset = $2 group by part",
            [run.ToString(), dataset.Name],
            row => (Part: row.GetString(0), Rows: row.GetInt64(1)),
            cancellationToken
        );
        return sums.ToDictionary(s => s.Part, s => s.Rows);
    }

    /// <summary>Replaces the messages of rows that were stored.</summary>
    public Task ReplaceMessagesAsync(
        NpgsqlConnection connection,
        IReadOnlyList<(string Part, RejectedRow Row)> rows,
        CancellationToken cancellationToken
    ) =>
        connection.ExecuteSqlAsync(
            """
            update etl.quarantine as q set message = new.message
            from unnest($3, $4, $5) as new (part, byte_offset, message)
            where q.run_id = $1 and q.dataset = $2 and q.part = new.part and q.byte_offset = new.byte_offset
            """,
            [
                run.ToString(),
                dataset.Name,
                rows.Select(r => r.Part).ToArray(),
                rows.Select(r => r.Row.ByteOffset).ToArray(),
                rows.Select(r => r.Row.Message).ToArray(),
            ],
            cancellationToken
        );

    /// <summary>Drops the rows beyond the limit, of parts that were loaded at the same time, each up to the limit.</summary>
    public Task TrimAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.ExecuteSqlAsync(
            """
            delete from etl.quarantine as q using (
              select part, byte_offset, row_number() over (order by p.number, s.byte_offset) as place
              from etl.quarantine as s join etl.run_parts as p using (run_id, dataset, part)
              where s.run_id = $1 and s.dataset = $2
            ) as ordered
            where q.run_id = $1 and q.dataset = $2 and (q.part, q.byte_offset) = (ordered.part, ordered.byte_offset)
              and ordered.place > $3
            """,
            [run.ToString(), dataset.Name, maxRows],
            cancellationToken
        );

    private async Task WriteAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (rows.Length == 0)
        {
            return;
        }

        await using var copy = await CopyStream.BeginAsync(connection, CopyCommand, cancellationToken);
        await copy.SendAsync(rows.Written, cancellationToken);
        await copy.CompleteAsync(cancellationToken);
        rows.Clear();
    }
}
