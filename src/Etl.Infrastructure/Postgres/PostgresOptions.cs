namespace Etl.Infrastructure.Postgres;

/// <summary>The destination. Section <c>Etl:Postgres</c>.</summary>
public sealed class PostgresOptions
{
    /// <summary>
    /// Npgsql keywords (<c>Host=db;Username=etl</c>), libpq's <c>host=db user=etl</c>, or a <c>postgresql://</c> URI. In a URI,
    /// reserved characters of the password may stand as they are where only one reading is possible. Set it in the environment,
    /// <c>ETL__POSTGRES__CONNECTIONSTRING</c>, so that it is in no file. Only its host, port, database and user are shown. The connection to a server that is not
    /// local uses verified TLS unless the string sets another mode. Default: the console host's local PostgreSQL.
    /// </summary>
    public string? ConnectionString { get; set; }

    /// <summary>
    /// Whether the user's password is an IAM token, for RDS and Aurora: signed anew for each connection with the AWS
    /// credentials that the host has. The connection string then names one host and a user, and no password. Default false.
    /// </summary>
    public bool UseIamAuthentication { get; set; }

    /// <summary>
    /// File with the certificates (PEM) of the authorities that may vouch for the server, such as RDS' bundle;
    /// <c>Root Certificate</c> in the connection string comes first. Default: the system's.
    /// </summary>
    public string? RootCertificate { get; set; }

    /// <summary>
    /// Seconds after which the server cancels a single statement of a run, 0 to 86,400; 0, the default, leaves it to
    /// the server's own setting for the user. A load of one file is one statement.
    /// </summary>
    public int StatementTimeoutSeconds { get; set; }

    /// <summary>
    /// Milliseconds that a publish waits for a lock before it lets readers pass and tries again, 10 to 60,000. Readers
    /// that come meanwhile wait behind it that long at most. Default 500.
    /// </summary>
    public int LockTimeoutMilliseconds { get; set; } = 500;

    /// <summary>Seconds for which a publish is tried again before the run fails, 0 to 3,600. Default 60.</summary>
    public int PublishWaitSeconds { get; set; } = 60;
}
