namespace Etl.Infrastructure.Postgres;

/// <summary>The destination. Section <c>Etl:Postgres</c>.</summary>
public sealed class PostgresOptions
{
    /// <summary>
    /// Npgsql keywords or a <c>postgresql://</c> URI. Best given by the environment, <c>ETL__POSTGRES__CONNECTIONSTRING</c>,
    /// so that it stands in no file. Without one the console host starts its private PostgreSQL.
    /// </summary>
    public string? ConnectionString { get; set; }

    /// <summary>
    /// Milliseconds that a publish waits for a lock before it lets readers pass and tries again, 10 to 60,000. Readers
    /// that come meanwhile wait behind it that long at most. Default 500.
    /// </summary>
    public int LockTimeoutMilliseconds { get; set; } = 500;

    /// <summary>Seconds for which a publish is tried again before the run fails, 0 to 3,600. Default 60.</summary>
    public int PublishWaitSeconds { get; set; } = 60;
}
