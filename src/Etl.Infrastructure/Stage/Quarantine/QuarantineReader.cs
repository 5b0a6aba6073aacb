using System.Runtime.CompilerServices;
using Etl.Application.Stage;
using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using Npgsql;

namespace Etl.Infrastructure.Stage.Quarantine;

internal sealed class QuarantineReader(NpgsqlDataSource database) : IQuarantine
{
    private const string Doing = "read the quarantine";

    public Task<RunId?> FindLastAsync(CancellationToken cancellationToken) =>
        database.GuardAsync<RunId?>(
            Doing,
            async () =>
            {
                await using var command = database.CreateCommand(
                    """
                    select run_id from etl.runs
                    where run_id in (select run_id from etl.reject_counts)
                    order by started_at desc, number desc limit 1
                    """
                );
                return await command.ExecuteScalarAsync(cancellationToken) is string id ? RunId.Parse(id) : null;
            }
        );

    public Task<IReadOnlyList<RejectCount>> CountAsync(RunId run, CancellationToken cancellationToken) =>
        database.GuardAsync<IReadOnlyList<RejectCount>>(
            Doing,
            async () =>
            {
                await using var command = database.CreateCommand(
                    """
                    select dataset, code, sum(rows)::bigint from etl.reject_counts
                    where run_id = $1 group by dataset, code order by dataset, code
                    """
                );
                command.Parameters.Add(new NpgsqlParameter { Value = run.ToString() });
                await using var reader = await command.ExecuteReaderAsync(cancellationToken);
                var counts = new List<RejectCount>();
                while (await reader.ReadAsync(cancellationToken))
                {
                    var code = RejectCodes.Parse(reader.GetString(1));
                    counts.Add(new RejectCount(reader.GetString(0), code, reader.GetInt64(2)));
                }

                return counts;
            }
        );

    public async IAsyncEnumerable<QuarantinedRow> ReadAsync(
        RunId run,
        QuarantineFilter filter,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            """
            select part, version, dataset, line, byte_offset, column_name, code, message, raw
            from etl.quarantine
            where run_id = $1 and ($2::text is null or dataset = $2) and ($3::text is null or code = $3)
              and ($4::text[] is null or part = any($4))
            order by dataset, part, byte_offset
            """
        );
        command.CommandTimeout = 0;
        command.Parameters.Add(new NpgsqlParameter { Value = run.ToString() });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)filter.Dataset ?? DBNull.Value });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)filter.Code?.Text() ?? DBNull.Value });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)filter.Parts?.ToArray() ?? DBNull.Value });
        await using var reader = await database.GuardAsync(Doing, () => command.ExecuteReaderAsync(cancellationToken));
        while (await database.GuardAsync(Doing, () => reader.ReadAsync(cancellationToken)))
        {
            yield return Row(reader);
        }
    }

    public Task<IReadOnlyList<RejectedPart>> ListPartsAsync(
        RunId run,
        string dataset,
        CancellationToken cancellationToken
    ) =>
        database.GuardAsync<IReadOnlyList<RejectedPart>>(
            Doing,
            async () =>
            {
                await using var connection = await database.OpenConnectionAsync(cancellationToken);
                return await connection.ReadRowsAsync(
                    """
                    select part, coalesce(header, ''::bytea), format, rejected from etl.run_files
                    where run_id = $1 and dataset = $2 and role <> 'base' and format is not null and rejected > 0
                    order by part
                    """,
                    [run.ToString(), dataset],
                    row => new RejectedPart(
                        row.GetString(0),
                        row.GetFieldValue<byte[]>(1),
                        row.GetString(2),
                        row.GetInt64(3)
                    ),
                    cancellationToken
                );
            }
        );

    private static QuarantinedRow Row(NpgsqlDataReader reader) =>
        new(
            reader.GetString(0),
            reader.GetString(1),
            new RejectedRow(
                reader.GetString(2),
                reader.GetInt64(3),
                reader.GetInt64(4),
                reader.IsDBNull(5) ? null : reader.GetString(5),
                RejectCodes.Parse(reader.GetString(6)),
                reader.GetString(7),
                reader.GetFieldValue<byte[]>(8)
            )
        );
}
