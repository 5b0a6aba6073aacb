using Etl.Application.Runs;
using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using Etl.Infrastructure.Stage.Copy;
using Npgsql;

namespace Etl.Infrastructure.Stage.Quarantine;

/// <summary>
/// The rejected rows of one file, encoded as they come. A few wait for the transaction of the file; many are sent in batches
/// on a connection of their own, so that memory stays bounded. The first <paramref name="maxRows"/> of the file are stored,
/// later ones are only counted.
/// </summary>
internal sealed class QuarantineWriter(NpgsqlDataSource database, RunId run, SourceFile file, int maxRows)
{
    private const int BatchBytes = 1 << 20;

    private const string CopyCommand =
        "copy etl.quarantine (run_id, dataset, file, version, line, byte_offset, column_name, code, message, raw) "
        + "from stdin with (format binary)";

    private readonly CopyBuffer rows = new(16 * 1024);
    private int kept;

    public bool WantsRow => kept < maxRows;

    public bool IsFull => rows.Length >= BatchBytes;

    public void Add(RejectedRow row)
    {
        kept++;
        rows.BeginRow(10);
        rows.Text(run.ToString());
        rows.Text(row.Dataset);
        rows.Text(file.FileName);
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

    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await WriteAsync(connection, cancellationToken);
    }

    /// <summary>Writes the last rows, and the true counts.</summary>
    /// <returns>The sum of the counts, as the database adds them.</returns>
    public async Task<long> CompleteAsync(
        NpgsqlConnection connection,
        Dataset dataset,
        IReadOnlyDictionary<RejectCode, long> counts,
        CancellationToken cancellationToken
    )
    {
        await WriteAsync(connection, cancellationToken);
        await connection.ExecuteSqlAsync(
            """
            insert into etl.reject_counts (run_id, dataset, code, rows)
            select $1, $2, code, rows from unnest($3, $4) as counts (code, rows)
            """,
            [run.ToString(), dataset.Name, counts.Keys.Select(c => c.Text()).ToArray(), counts.Values.ToArray()],
            cancellationToken
        );
        return await connection.ReadValueAsync<long>(
            "select coalesce(sum(rows), 0)::bigint from etl.reject_counts where run_id = $1 and dataset = $2",
            [run.ToString(), dataset.Name],
            cancellationToken
        );
    }

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
