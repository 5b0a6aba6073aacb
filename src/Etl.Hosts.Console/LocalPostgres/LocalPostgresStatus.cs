namespace Etl.Hosts.Console.LocalPostgres;

/// <summary>How the private PostgreSQL stands.</summary>
/// <param name="Running">Whether it runs and answers.</param>
/// <param name="ProcessId">Its process; null where none runs.</param>
/// <param name="Folder">The folder of its data, socket and log.</param>
/// <param name="LogFile">Its log.</param>
/// <param name="MajorVersion">The major version of its data; null before the first start.</param>
public sealed record LocalPostgresStatus(
    bool Running,
    int? ProcessId,
    string Folder,
    string LogFile,
    int? MajorVersion
);
