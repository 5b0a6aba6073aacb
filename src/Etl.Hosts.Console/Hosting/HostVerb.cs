using System.CommandLine;
using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Domain.Runs;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.LocalPostgres;
using Etl.Hosts.Console.Output;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Etl.Hosts.Console.Hosting;

/// <summary>A verb with one result, printed as text or, with <c>--json</c>, as one document.</summary>
internal abstract class ResultVerb : Verb
{
    /// <param name="terminal">Where the result is printed.</param>
    /// <param name="name">The verb.</param>
    /// <param name="description">One line of help.</param>
    /// <param name="options">The options and arguments; <c>--json</c> is added.</param>
    /// <param name="examples">Commands that can be typed.</param>
    protected ResultVerb(Terminal terminal, string name, string description, Symbol[] options, params string[] examples)
        : base(name, description, examples)
    {
        Terminal = terminal;
        foreach (var option in options)
        {
            if (option is Argument argument)
            {
                Add(argument);
            }
            else
            {
                Add((Option)option);
            }
        }

        Add(CommonOptions.Json);
        SetAction(InvokeAsync);
    }

    protected Terminal Terminal { get; }

    /// <summary>The document of a command that failed before it had a result.</summary>
    public virtual string SerializeError(EtlError error) => JsonOutput.Serialize(new Document { Failure = error });

    protected abstract Task<VerbResult> RunAsync(
        ParseResult parsed,
        ProgressDisplay progress,
        CancellationToken cancellationToken
    );

    private async Task<int> InvokeAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        VerbResult result;
        using (var progress = ProgressDisplay.Create(Terminal, parsed.GetValue(CommonOptions.Verbose)))
        {
            result = await RunAsync(parsed, progress, cancellationToken);
        }

        result.Print(Terminal, parsed.GetValue(CommonOptions.Json));
        return result.ExitCode;
    }
}

/// <summary>A verb that uses settings and services: a host is built for it and disposed after it.</summary>
internal abstract class HostVerb(
    Terminal terminal,
    string name,
    string description,
    Symbol[] options,
    params string[] examples
) : ResultVerb(terminal, name, description, options, examples)
{
    /// <summary>Settings that must be set.</summary>
    protected virtual IReadOnlyList<RequiredSetting> Required => [];

    protected virtual LocalDatabaseUse LocalDatabase => LocalDatabaseUse.Start;

    protected virtual VerbSettings SettingsOf(ParseResult parsed) => new();

    /// <summary>Checks what the verb requires beyond valid settings.</summary>
    /// <exception cref="EtlException">The command cannot run.</exception>
    protected virtual void Check(ParseResult parsed, IConfiguration settings) { }

    /// <summary>The result where settings are invalid; null where that is an error of the command.</summary>
    protected virtual VerbResult? ResultOfInvalidSettings(EtlError error) => null;

    protected abstract Task<VerbResult> RunAsync(VerbContext context, CancellationToken cancellationToken);

    protected sealed override async Task<VerbResult> RunAsync(
        ParseResult parsed,
        ProgressDisplay progress,
        CancellationToken cancellationToken
    )
    {
        EtlHost builder;
        LocalPostgresOptions local;
        try
        {
            builder = new EtlHost(parsed, Terminal, progress, SettingsOf(parsed));
            local = builder.CheckSettings();
        }
        catch (EtlException exception) when (ResultOfInvalidSettings(exception.Error) is { } result)
        {
            return result;
        }

        RequiredSetting.Check(builder.Settings, Required);
        Check(parsed, builder.Settings);
        await builder.UseLocalDatabaseAsync(LocalDatabase, local, progress, cancellationToken);
        using var host = builder.Build();
        return await RunAsync(new VerbContext(parsed, Terminal, progress, host.Services), cancellationToken);
    }
}

/// <summary>What a verb works with.</summary>
/// <param name="Parsed">The command line.</param>
/// <param name="Terminal">Where results are printed.</param>
/// <param name="Progress">Where progress is shown.</param>
/// <param name="Services">The services of the host.</param>
internal sealed record VerbContext(
    ParseResult Parsed,
    Terminal Terminal,
    ProgressDisplay Progress,
    IServiceProvider Services
)
{
    public bool Json => Parsed.GetValue(CommonOptions.Json);

    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    public T OptionsOf<T>()
        where T : class => Get<IOptions<T>>().Value;

    public T? Value<T>(Option<T> option) => Parsed.GetValue(option);

    /// <summary>
    /// The given date; otherwise the date, in the configured time zone, of the given time; otherwise today's date there.
    /// </summary>
    public BusinessDate BusinessDate(DateOnly? date, DateTimeOffset? time = null) =>
        date is { } given
            ? new BusinessDate(given)
            : Domain.Runs.BusinessDate.At(
                time ?? Get<TimeProvider>().GetUtcNow(),
                TimeZoneInfo.FindSystemTimeZoneById(OptionsOf<ScheduleOptions>().TimeZone)
            );
}
