using Etl.Application;
using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Hosts.Lambda.Events;
using Etl.Hosts.Lambda.Logs;
using Etl.Hosts.Lambda.Metrics;
using Etl.Hosts.Lambda.RuntimeApi;
using Etl.Infrastructure;
using Etl.Infrastructure.Postgres;
using Etl.Infrastructure.Settings;
using Etl.Infrastructure.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Etl.Hosts.Lambda;

/// <summary>One pipeline for the life of the process, invoked by events.</summary>
internal sealed class LambdaHost(IServiceProvider services, IOptions<ScheduleOptions> schedule, TimeProvider clock)
{
    private readonly EtlPipeline pipeline = services.GetRequiredService<EtlPipeline>();
    private readonly JsonLines lines = services.GetRequiredService<JsonLines>();

    /// <summary>The host's own services and settings.</summary>
    /// <exception cref="EtlException">Settings are missing or wrong; the message has a line for each.</exception>
    public static IHost Build(string[] args)
    {
        var builder = Host.CreateEmptyApplicationBuilder(
            new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory }
        );
        builder.Configuration.AddInMemoryCollection(PlatformDefaults());
        builder.Configuration.AddJsonFile("appsettings.json", optional: true);
        builder.Configuration.AddEnvironmentVariables();
        builder.Configuration.AddCommandLine(args);
        builder.Services.AddSingleton(p => new JsonLines(Console.Out, p.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton<ILoggerProvider>(p => p.GetRequiredService<JsonLines>());
        builder.Services.AddEtlApplication().AddEtlInfrastructure(builder.Configuration);
        builder.Services.AddSingleton<LambdaHost>();
        var host = builder.Build();
        host.Services.GetRequiredService<SettingsCheck>()
            .ThrowIfFaulty("Etl:Source:Uri", "Etl:Lake:Uri", "Etl:Postgres:ConnectionString");
        host.Services.StartTelemetry();
        return host;
    }

    private static Dictionary<string, string?> PlatformDefaults()
    {
        // Functions are started as copies of one machine: its marks do not tell two of them apart.
        var defaults = new Dictionary<string, string?> { ["Etl:Run:TakeOverGoneProcesses"] = "false" };
        if (Environment.GetEnvironmentVariable("AWS_LAMBDA_FUNCTION_MEMORY_SIZE") is { Length: > 0 } memory)
        {
            defaults["Etl:Cost:MemoryMegabytes"] = memory;
        }

        return defaults;
    }

    /// <summary>Runs what the event asks for; a failed run fails the invocation.</summary>
    /// <returns>The run's summary as JSON; also of a day that had its run already.</returns>
    public async Task<string> HandleAsync(byte[] payload, ILambdaContext context, CancellationToken cancellationToken)
    {
        var summary = await RunAsync(payload, context, cancellationToken);
        if (EmbeddedMetrics.LineOf(summary, clock.GetUtcNow()) is { } metrics)
        {
            lines.Write(metrics);
        }

        services.StartTelemetry().Flush();
        services.CloseIdleConnections();
        return summary.Error is { } error
            ? throw new InvocationException(
                error.Code.Text(),
                $"{Notified(summary)}{error.Message} Next: {error.NextStep}"
            )
            : SummaryJson.Write(summary, indented: false);
    }

    private async Task<RunSummary> RunAsync(byte[] payload, ILambdaContext context, CancellationToken cancellationToken)
    {
        try
        {
            var zone = TimeZoneInfo.FindSystemTimeZoneById(schedule.Value.TimeZone);
            var request = EventReader.Read(payload, zone) with
            {
                Deadline = DeadlineOf(context),
                TraceParent = TraceHeader.ToTraceParent(Environment.GetEnvironmentVariable(TraceHeader.Variable)),
            };
            return await pipeline.RunAsync(request, cancellationToken);
        }
        catch (EtlException exception)
        {
            return SummaryJson.OfError(exception.Error);
        }
    }

    /// <summary>No platform gives a day; one that gives more did not say.</summary>
    private DateTimeOffset? DeadlineOf(ILambdaContext context) =>
        context.RemainingTime < TimeSpan.FromDays(1) ? clock.GetUtcNow() + context.RemainingTime : null;

    /// <summary>Which run it was, for those who only see the invocation's error; nothing where none began.</summary>
    private static string Notified(RunSummary summary) =>
        summary.RunId is { } run && summary.Status != SummaryStatus.InProgress
            ? $"Run {run} of {summary.BusinessDate} {Words(summary.Status)}: "
            : "";

    private static string Words(SummaryStatus status) =>
        status switch
        {
            SummaryStatus.TimedOut => "timed out",
            SummaryStatus.Cancelled => "was cancelled",
            _ => "failed",
        };
}
