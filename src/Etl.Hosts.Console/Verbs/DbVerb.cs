using System.CommandLine;
using Etl.Application.Errors;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Hosting;
using Etl.Hosts.Console.LocalPostgres;
using Etl.Hosts.Console.Output;

namespace Etl.Hosts.Console.Verbs;

/// <summary><c>etl db</c>: the private PostgreSQL, which every command uses that is given no other.</summary>
internal static class DbVerb
{
    public static Command Create(Terminal terminal) =>
        new Verb("db", "The private PostgreSQL: used where no connection is configured, kept between commands.")
        {
            Part("start", "Starts it, and makes it on the first start.", "etl db start", terminal, StartAsync),
            Part("stop", "Stops it; its data stays.", "etl db stop", terminal, StopAsync),
            Part("url", "Prints its address for psql.", "psql \"$(etl db url)\"", terminal, UrlAsync),
        };

    private static Verb Part(string name, string description, string example, Terminal terminal, Work work)
    {
        var verb = new Verb(name, description, example) { CommonOptions.Json };
        verb.SetAction(
            async (parsed, token) =>
            {
                using var host = EtlHost.Build(parsed, terminal);
                var options = Destination.Private(host);
                var text = await work(options, terminal, token);
                Report(parsed, terminal, options, text);
                return 0;
            }
        );
        return verb;
    }

    private static async Task<string> StartAsync(
        LocalPostgresOptions options,
        Terminal terminal,
        CancellationToken cancellationToken
    )
    {
        await LocalDatabase.StartAsync(options, new Destination.Lines(terminal), cancellationToken);
        return $"The private PostgreSQL runs: {LocalDatabase.Url(options)}";
    }

    private static async Task<string> StopAsync(
        LocalPostgresOptions options,
        Terminal terminal,
        CancellationToken cancellationToken
    ) =>
        await LocalDatabase.StopAsync(options, cancellationToken)
            ? "The private PostgreSQL was stopped; its data stays."
            : "The private PostgreSQL did not run.";

    private static Task<string> UrlAsync(
        LocalPostgresOptions options,
        Terminal terminal,
        CancellationToken cancellationToken
    ) =>
        Task.FromResult(
            LocalDatabase.Url(options)
                ?? throw new EtlException(
                    ErrorCode.DatabaseUnreachable,
                    "The private PostgreSQL does not run.",
                    "Start it with `etl db start`."
                )
        );

    private static void Report(ParseResult parsed, Terminal terminal, LocalPostgresOptions options, string text)
    {
        if (parsed.GetValue(CommonOptions.Json))
        {
            var status = LocalDatabase.Status(options);
            var url = LocalDatabase.Url(options);
            var document = new DbDocument("succeeded", 0, status.Running, url, status.Folder, status.LogFile, null);
            JsonOutput.Write(terminal, document, OutputJson.Default.DbDocument);
        }
        else
        {
            terminal.Out.WriteLine(text);
        }
    }

    private delegate Task<string> Work(
        LocalPostgresOptions options,
        Terminal terminal,
        CancellationToken cancellationToken
    );
}
