using Etl.Application.Options;
using FluentValidation;
using Npgsql;

namespace Etl.Infrastructure.Postgres;

/// <summary>The destination. Section <c>Etl:Postgres</c>.</summary>
public sealed class PostgresOptions
{
    /// <summary>
    /// Npgsql keywords (<c>Host=db;Username=etl</c>), libpq's <c>host=db user=etl</c>, or a <c>postgresql://</c> URI. A password
    /// in a URI can contain reserved characters if only one reading of the URI is possible. Set it in the environment,
    /// <c>ETL__POSTGRES__CONNECTIONSTRING</c>, so that no file contains it. Only its host, port, database and user are shown. A
    /// connection to another machine uses verified TLS unless the string sets another mode. Default: the console host's local
    /// PostgreSQL.
    /// </summary>
    public string? ConnectionString { get; set; }

    /// <summary>
    /// Whether the user logs in with an IAM token, on RDS and Aurora. Each connection gets a new token, signed with the host's
    /// AWS credentials. The connection string then has one host and a user, and no password. Default false.
    /// </summary>
    public bool UseIamAuthentication { get; set; }

    /// <summary>
    /// PEM file with the certificate authorities that the server's certificate is verified against, such as RDS' bundle.
    /// <c>Root Certificate</c> in the connection string takes precedence. Default: the system's authorities.
    /// </summary>
    public string? RootCertificate { get; set; }

    /// <summary>
    /// Seconds for which a start tries to connect while the server cannot be reached, or is starting up. A wrong password, a
    /// wrong database or an unverified certificate is an error at once. Set it to 90 for a database that pauses while it is
    /// not used; a single try then waits up to 60 seconds, unless the connection string sets <c>Timeout</c>. With 0 the first
    /// error is reported. Default 0.
    /// </summary>
    [Bounds(0, 600, "seconds")]
    public int ConnectSeconds { get; set; }

    /// <summary>
    /// Seconds after which the server cancels a statement of a run; 0 applies the server's own setting for the user. The
    /// load of a file is one statement. Default 0.
    /// </summary>
    [Bounds(0, 86_400, "seconds")]
    public int StatementTimeoutSeconds { get; set; }

    /// <summary>
    /// Cores of the server that a run uses. The transform runs in two sessions. The one that joins shipments and orders
    /// uses as many processes as there are cores, the other one half as many; the server's own limits, such as
    /// <c>max_parallel_workers</c>, apply too. The load fills each dataset's table by one session; files of 8 MB and more use
    /// up to three more while cores are idle. PostgreSQL does not report its cores: set the number of vCPUs of the instance
    /// class, or of those that a run may use beside other work. With 0 they are those of this machine if the server is on it,
    /// otherwise 2, as many as the small classes of RDS and Aurora have. Default 0.
    /// </summary>
    [Bounds(0, 1024, "cores")]
    public int Cores { get; set; }

    /// <summary>
    /// Whether the rows of the datasets are on one server or on the nodes of a Citus cluster. With <c>Citus</c> the connection
    /// string names the coordinator, <c>etl migrate</c> distributes the tables of the store schema, and each run distributes its
    /// own. Analytics, ledger and exports are the same. The guide "Scale beyond one machine" says when it is worth its cost, and
    /// how to return. Default <see cref="DistributionKind.None"/>.
    /// </summary>
    public DistributionKind Distribution { get; set; } = DistributionKind.None;

    /// <summary>The cores of a server that a run uses.</summary>
    internal int CoresOf(NpgsqlDataSource server) =>
        Cores > 0 ? Cores
        : ConnectionText.IsLocal(new NpgsqlConnectionStringBuilder(server.ConnectionString).Host ?? "localhost")
            ? Environment.ProcessorCount
        : 2;
}

/// <summary>Where the rows of the datasets are.</summary>
public enum DistributionKind
{
    /// <summary>On the server of the connection string.</summary>
    None,

    /// <summary>On the nodes of a Citus cluster.</summary>
    Citus,
}

internal sealed class PostgresOptionsValidator : OptionsValidator<PostgresOptions>
{
    public PostgresOptionsValidator()
    {
        RuleFor(o => o.ConnectionString)
            .Custom(
                (text, context) =>
                {
                    if (!string.IsNullOrWhiteSpace(text) && ConnectionText.ProblemOf(text) is { } problem)
                    {
                        context.AddFailure($"cannot be read: {problem}. Give {ConnectionText.Forms}.");
                    }
                }
            );
        RuleFor(o => o.RootCertificate)
            .Must(File.Exists)
            .When(o => !string.IsNullOrWhiteSpace(o.RootCertificate))
            .WithMessage("does not exist; give the path of a PEM file with the authorities' certificates.");
    }
}
