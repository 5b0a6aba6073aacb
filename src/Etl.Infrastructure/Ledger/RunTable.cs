using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using Npgsql;

namespace Etl.Infrastructure.Ledger;

/// <summary>Statements on <c>etl.runs</c>, and its rows as domain runs.</summary>
internal static class RunTable
{
    public static NpgsqlBatchCommand Insert(Run run) =>
        SqlCommands.Statement(
            $"""
            insert into etl.runs (run_id, business_date, number, as_of, trigger, forced, base_run_id, accepted_shrunk, lake_uri, status,
              started_at, attempts, lease_owner, lease_until)
            values ({run.RunId}, {run.BusinessDate}, {run.Number}, {run.AsOf}, {SnakeCase.Text(run.Trigger)},
              {run.Forced}, {run.BaseRunId}, {run.AcceptedShrunk.ToArray()}, {run.LakeUri}, {SnakeCase.Text(
                run.Status
            )}, {run.StartedAt},
              {run.Attempts}, {run.LeaseOwner}, {run.LeaseUntil})
            """
        );

    /// <summary>Updates every column that can change, except for published_at, which the publisher writes.</summary>
    public static NpgsqlBatchCommand Update(Run run) =>
        SqlCommands.Statement(
            $"""
            update etl.runs set as_of = {run.AsOf}, accepted_shrunk = {run.AcceptedShrunk.ToArray()}, lake_uri = {run.LakeUri}, status = {SnakeCase.Text(
                run.Status
            )}, attempts = {run.Attempts},
              exported_at = {run.ExportedAt}, finished_at = {run.FinishedAt}, error_code = {run.ErrorCode},
              error_message = {run.ErrorMessage}, error_next_step = {run.ErrorNextStep},
              lease_owner = {run.LeaseOwner}, lease_until = {run.LeaseUntil}
            where run_id = {run.RunId}
            """
        );

    /// <summary>
    /// The runs that a query returns, locked if it ends with <c>for update</c>, and the database's time after that. Leases
    /// are compared with the database's time only: the hosts' clocks differ.
    /// </summary>
    public static async Task<(List<Run> Runs, DateTimeOffset Now)> SelectAsync(
        NpgsqlConnection connection,
        FormattableString query,
        CancellationToken cancellationToken
    )
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(SqlCommands.Statement(query));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select clock_timestamp() as now"));
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        var runs = new List<Run>();
        while (await row.ReadAsync(cancellationToken))
        {
            runs.Add(Read(row));
        }

        await row.NextResultAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return (runs, row.Time("now"));
    }

    /// <summary>The run of a row of <c>select * from etl.runs</c>.</summary>
    public static Run Read(NpgsqlDataReader row) =>
        new()
        {
            RunId = row.Text("run_id"),
            BusinessDate = row.Day("business_date"),
            Number = row.GetInt32(row.GetOrdinal("number")),
            AsOf = row.Day("as_of"),
            Trigger = SnakeCase.Parse<Trigger>(row.Text("trigger")),
            Forced = row.GetBoolean(row.GetOrdinal("forced")),
            BaseRunId = row.TextOrNull("base_run_id"),
            AcceptedShrunk = row.GetFieldValue<string[]>(row.GetOrdinal("accepted_shrunk")),
            Status = SnakeCase.Parse<RunStatus>(row.Text("status")),
            StartedAt = row.Time("started_at"),
            PublishedAt = row.TimeOrNull("published_at"),
            ExportedAt = row.TimeOrNull("exported_at"),
            LakeUri = row.TextOrNull("lake_uri"),
            FinishedAt = row.TimeOrNull("finished_at"),
            Attempts = row.GetInt32(row.GetOrdinal("attempts")),
            ErrorCode = row.TextOrNull("error_code"),
            ErrorMessage = row.TextOrNull("error_message"),
            ErrorNextStep = row.TextOrNull("error_next_step"),
            LeaseOwner = row.TextOrNull("lease_owner"),
            LeaseUntil = row.TimeOrNull("lease_until"),
        };
}

/// <summary>Reads columns of a row by name, as the domain's types.</summary>
internal static class LedgerColumns
{
    public static string Text(this NpgsqlDataReader row, string column) => row.GetString(row.GetOrdinal(column));

    public static string? TextOrNull(this NpgsqlDataReader row, string column) =>
        row.IsDBNull(row.GetOrdinal(column)) ? null : row.Text(column);

    public static long Count(this NpgsqlDataReader row, string column) => row.GetInt64(row.GetOrdinal(column));

    public static DateOnly Day(this NpgsqlDataReader row, string column) =>
        DateOnly.FromDateTime(row.GetDateTime(row.GetOrdinal(column)));

    public static DateTimeOffset Time(this NpgsqlDataReader row, string column) =>
        new(row.GetDateTime(row.GetOrdinal(column)));

    public static DateTimeOffset? TimeOrNull(this NpgsqlDataReader row, string column) =>
        row.IsDBNull(row.GetOrdinal(column)) ? null : row.Time(column);
}
