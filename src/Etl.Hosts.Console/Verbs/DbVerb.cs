using System.CommandLine;
using Etl.Application.Errors;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Hosting;
using Etl.Hosts.Console.LocalPostgres;
using Etl.Hosts.Console.Output;

namespace Etl.Hosts.Console.Verbs;

/// <summary><c>etl db</c>: a command on the local PostgreSQL.</summary>
internal sealed class DbVerb(
    Terminal terminal,
    string name,
    string description,
    Symbol[] symbols,
    string example,
    Func<VerbContext, LocalPostgresOptions, CancellationToken, Task<string>> work
) : HostVerb(terminal, name, description, symbols, example)
{
    private static readonly Option<bool> Now = new("--now")
    {
        Description = "Stop without waiting for a run in progress; the run fails, and repeating it is safe.",
    };

    protected override LocalDatabaseUse LocalDatabase => LocalDatabaseUse.None;

    public static Verb CreateAll(Terminal terminal) =>
        new(
            "db",
            "Manages the local PostgreSQL, which is used where no connection is configured; its data is kept between commands."
        )
        {
            new DbVerb(
                terminal,
                "start",
                "Starts the local PostgreSQL; creates it at the first start.",
                [],
                "etl db start",
                StartAsync
            ),
            new DbVerb(
                terminal,
                "stop",
                "Stops the local PostgreSQL, after a run in progress has ended; its data is kept.",
                [Now],
                "etl db stop",
                StopAsync
            ),
            new DbVerb(terminal, "url", "Prints its URL for psql.", [], "psql \"$(etl db url)\"", UrlAsync),
        };

    protected override async Task<VerbResult> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var options = context.OptionsOf<LocalPostgresOptions>();
        var text = await work(context, options, cancellationToken);
        var status = LocalPostgres.LocalDatabase.Status(options);
        var url = LocalPostgres.LocalDatabase.Url(options);
        return VerbResult.Of(
            new DbDocument(status.Running, url, status.Folder, status.LogFile),
            terminal => terminal.Out.WriteLine(text)
        );
    }

    private static async Task<string> StartAsync(
        VerbContext context,
        LocalPostgresOptions options,
        CancellationToken cancellationToken
    )
    {
        await EtlHost.StartAsync(options, context.Progress, cancellationToken);
        return $"The local PostgreSQL is running: {LocalPostgres.LocalDatabase.Url(options)}";
    }

    private static async Task<string> StopAsync(
        VerbContext context,
        LocalPostgresOptions options,
        CancellationToken cancellationToken
    )
    {
        if (!context.Value(Now))
        {
            await LocalPostgres.LocalDatabase.WaitForRunAsync(options, context.Progress, cancellationToken);
        }

        return await LocalPostgres.LocalDatabase.StopAsync(options, cancellationToken)
            ? "The local PostgreSQL is stopped; its data is kept."
            : "The local PostgreSQL was not running.";
    }

    private static Task<string> UrlAsync(
        VerbContext context,
        LocalPostgresOptions options,
        CancellationToken cancellationToken
    ) =>
        Task.FromResult(
            LocalPostgres.LocalDatabase.Url(options)
                ?? throw new EtlException(
                    ErrorCode.DatabaseUnreachable,
                    "The local PostgreSQL is not running.",
                    "Start it with `etl db start`."
                )
        );
}
