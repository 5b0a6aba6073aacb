using Etl.Application.Errors;
using Etl.Domain.Runs;
using Etl.Infrastructure.Ledger;
using Etl.Infrastructure.Postgres;
using Npgsql;

namespace Etl.Infrastructure.Publish;

/// <summary>
/// One try to publish, in two transactions. The first attaches the run's tables, whose rows no reader sees yet: the views follow
/// the pointer. The second changes rows only: analytics, pointer and ledger. Neither takes a lock that a reader waits for, or
/// that waits for a reader.
/// </summary>
internal sealed class PublishAttempt(
    NpgsqlConnection connection,
    PublishPlan plan,
    LeaseOwner owner,
    IDistribution distribution,
    SchemaOptions schemas,
    TimeProvider clock
)
{
    /// <summary>
    /// A transaction that began before the attach follows the earlier load until it ends. In READ COMMITTED it would see it
    /// beside the new analytics, so that a publish lets short ones end first.
    /// </summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    private readonly PublishSql sql = new(schemas);

    /// <returns>The duration of the second transaction; zero if an earlier try was committed.</returns>
    public async Task<TimeSpan> PublishAsync(CancellationToken cancellationToken)
    {
        if (await AttachAsync(cancellationToken) is not { } load)
        {
            return TimeSpan.Zero;
        }

        await AnalyzeAsync(cancellationToken);
        var attachedAt = await new OpenTransactions(connection, clock).WaitAsync(LongestWait, cancellationToken);
        var begun = clock.GetTimestamp();
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(distribution.LockTimeout, cancellationToken);
        if (await IsPublishedAsync(cancellationToken))
        {
            return TimeSpan.Zero;
        }

        await RecordAsync(cancellationToken);
        await ExecuteAsync(plan.Changes, cancellationToken);
        await ExecuteAsync([sql.Point(plan.Run, load, attachedAt)], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return clock.GetElapsedTime(begun);
    }

    /// <returns>The load, attached now or by an earlier try; null if it is published already.</returns>
    private async Task<int?> AttachAsync(CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(distribution.LockTimeout, cancellationToken);
        if (await IsPublishedAsync(cancellationToken))
        {
            return null;
        }

        var load = await connection.ReadValueAsync<int?>(sql.LoadOf(plan.Source), [], cancellationToken);
        if (load is null)
        {
            throw PublishPlan.Missing(plan.Source, StoreTables.LoadId);
        }

        var attached = await connection.ReadRowsAsync(
            PublishSql.Attached,
            [schemas.Store],
            row => (Load: row.GetInt32(0), Dataset: row.GetString(1)),
            cancellationToken
        );
        await ExecuteAsync(
            plan.Datasets.Where(d => !attached.Contains((load.Value, d.Name)))
                .SelectMany(d => sql.Attach(d, plan.Source, load.Value)),
            cancellationToken
        );
        await transaction.CommitAsync(cancellationToken);
        return load;
    }

    /// <summary>Statistics of the parents, where those of an earlier publish do not hold any more.</summary>
    private async Task AnalyzeAsync(CancellationToken cancellationToken)
    {
        var parents = await connection.ReadRowsAsync(
            PublishSql.Unanalyzed,
            [schemas.Store],
            row => row.GetString(0),
            cancellationToken
        );
        if (parents.Count > 0)
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await ExecuteAsync(
                distribution
                    .SetLocal(Statistics.SmallSample)
                    .Concat(plan.Datasets.Where(d => parents.Contains(d.Name)).Select(sql.Analyze)),
                cancellationToken
            );
            await transaction.CommitAsync(cancellationToken);
        }
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
