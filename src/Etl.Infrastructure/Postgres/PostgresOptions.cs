namespace Etl.Infrastructure.Postgres;

/// <summary>The destination. Section <c>Etl:Postgres</c>.</summary>
public sealed class PostgresOptions
{
    /// <summary>
    /// Npgsql keywords or a <c>postgresql://</c> URI. Best given by the environment, <c>ETL__POSTGRES__CONNECTIONSTRING</c>,
    /// so that it stands in no file. Without one the console host starts its private PostgreSQL.
    /// </summary>
    public string? ConnectionString { get; set; }
}
