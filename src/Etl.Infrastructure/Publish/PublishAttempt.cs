using Etl.Application.Errors;
using Etl.Domain.Analytics;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;
using Etl.Infrastructure.Ledger;
using Etl.Infrastructure.Postgres;
using Npgsql;

namespace Etl.Infrastructure.Publish;

/// <summary>
/// One try to publish. What makes no reader wait comes first: the ledger's rows, the analytics, the new partitions.
/// Only the detach of the old ones stops readers of <c>staging</c>, and the commit follows it at once.
/// </summary>
internal sealed class PublishAttempt(
    NpgsqlConnection connection,
    PublishPlan plan,
    LeaseOwner owner,
    SchemaOptions schemas,
    TimeSpan lockTimeout,
    TimeProvider clock
)
{
    private readonly PublishSql sql = new(schemas);

    public async Task<TimeSpan> PublishAsync(CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync([$"set local lock_timeout = {(int)lockTimeout.TotalMilliseconds}"], cancellationToken);
        if (await IsPublishedAsync(cancellationToken))
        {
            return TimeSpan.Zero;
        }

        await RecordAsync(cancellationToken);
        await ExecuteAsync(plan.Marts.All.SelectMany(Replace), cancellationToken);
        var old = await AttachedAsync(cancellationToken);
        await ExecuteAsync(plan.Datasets.All.Select(d => sql.Attach(d, plan.Run)), cancellationToken);
        var begun = clock.GetTimestamp();
        await ExecuteAsync(old, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return clock.GetElapsedTime(begun);
    }

    /// <summary>Holds the run's row until the end, so that nobody can take the run over meanwhile.</summary>
    /// <returns>Whether an earlier try was committed and its answer lost.</returns>
    private async Task<bool> IsPublishedAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "select status from etl.runs where run_id = $1 and lease_owner = $2 for update",
            connection
        );
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = plan.Run.ToString() });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = owner.Text });
        var status = await command.ExecuteScalarAsync(cancellationToken) as string ?? throw LeasedRuns.Lost(plan.Run);
        return SnakeCase.Parse<RunStatus>(status) == RunStatus.Succeeded;
    }

    /// <summary>Only a forced run may replace a published one of its day.</summary>
    private async Task RecordAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            update etl.runs old
            set status = 'superseded', finished_at = coalesce(old.finished_at, clock_timestamp()),
              lease_owner = null, lease_until = null
            from etl.runs new
            where new.run_id = $1 and new.forced
              and old.business_date = new.business_date and old.status = 'succeeded'
            """,
            connection
        );
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = plan.Run.ToString() });
        await command.ExecuteNonQueryAsync(cancellationToken);
        command.CommandText = """
            update etl.runs
            set status = 'succeeded', published_at = clock_timestamp(),
              error_code = null, error_message = null, error_next_step = null
            where run_id = $1
            """;
        try
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            throw new EtlException(
                ErrorCode.InProgress,
                $"Business date {plan.Run.BusinessDate} was published by another run meanwhile.",
                "Nothing was changed by this one. To replace the day's rows run it again with --force.",
                cause: exception
            );
        }
    }

    private IEnumerable<string> Replace(Mart table) =>
        [sql.DeleteAbsent(table, plan.Run), sql.Upsert(table, plan.Run, plan.Columns[table.Name])];

    /// <summary>
    /// The statements that detach what is attached now, in the one order in which tables are ever locked. Tables of datasets
    /// that the host no longer has come last: the published snapshot does not contain them.
    /// </summary>
    private async Task<IReadOnlyList<string>> AttachedAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(PublishSql.AttachedPartitions, connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = schemas.Staging });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var attached = new List<(string Dataset, string Schema)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            attached.Add((reader.GetString(0), reader.GetString(1)));
        }

        return
        [
            .. plan
                .Datasets.All.SelectMany(d => attached.Where(a => a.Dataset == d.Name))
                .Concat(
                    attached
                        .Where(a => plan.Datasets.Find(a.Dataset) is null)
                        .OrderBy(a => a.Dataset, StringComparer.Ordinal)
                )
                .Select(a => sql.Detach(a.Dataset, a.Schema)),
        ];
    }

    /// <summary>All in one round trip.</summary>
    private async Task ExecuteAsync(IEnumerable<string> statements, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var statement in statements)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(statement));
        }

        if (batch.BatchCommands.Count > 0)
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
