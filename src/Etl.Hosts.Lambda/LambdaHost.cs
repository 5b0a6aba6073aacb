using System.Text.Json;
using Amazon.Lambda.Core;
using Etl.Application;
using Etl.Application.Errors;
using Etl.Application.Extract;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain;
using Etl.Hosts.Lambda.Errors;
using Etl.Hosts.Lambda.Events;
using Etl.Hosts.Lambda.Logs;
using Etl.Hosts.Lambda.Metrics;
using Etl.Infrastructure;
using Etl.Infrastructure.Extract;
using Etl.Infrastructure.Ledger;
using Etl.Infrastructure.Postgres;
using Etl.Infrastructure.Settings;
using Etl.Infrastructure.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Etl.Hosts.Lambda;

/// <summary>Runs the pipeline for each event; one instance for the lifetime of the process.</summary>
internal sealed class LambdaHost(IServiceProvider services, TimeProvider clock)
{
    private readonly EtlPipeline pipeline = services.GetRequiredService<EtlPipeline>();
    private readonly FunctionLog log = services.GetRequiredService<FunctionLog>();

    /// <summary>Builds the host: settings, services and telemetry.</summary>
    /// <exception cref="EtlException">Settings are missing or invalid; the message has one line per setting.</exception>
    public static IHost Build(string[] args)
    {
        var builder = Host.CreateEmptyApplicationBuilder(
            new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory }
        );
        builder.Configuration.AddInMemoryCollection(PlatformDefaults());
        builder.Configuration.AddSources(args);
        builder.Logging.AddFunctionLog();
        builder.Services.AddEtl(builder.Configuration);
        builder.Services.AddSingleton<LambdaHost>();
        builder.Services.AddSingleton<FailureReport>();
        builder.Services.AddSingleton(p => new EventReader(
            TimeZoneInfo.FindSystemTimeZoneById(p.GetRequiredService<IOptions<ScheduleOptions>>().Value.TimeZone),
            new MarkerAddress(
                p.GetRequiredService<IOptions<SourceOptions>>().Value.Uri,
                p.GetRequiredService<IOptions<DeliveryOptions>>().Value.Marker
            ),
            new ManualEvent(p.GetRequiredService<DatasetCatalog>())
        ));
        var host = builder.Build();
        host.Services.GetRequiredService<SettingsCheck>()
            .ThrowIfInvalid("Etl:Source:Uri", "Etl:Lake:Uri", "Etl:Postgres:ConnectionString");
        if (builder.Configuration["Etl:Delivery:WaitUntil"] is { Length: > 0 })
        {
            throw new EtlException(
                ErrorCode.Configuration,
                "Etl:Delivery:WaitUntil is set, and a function cannot wait for a delivery.",
                "Remove it, and start the function later or by an event of S3."
            );
        }

        host.Services.StartTelemetry();
        return host;
    }

    private static Dictionary<string, string?> PlatformDefaults()
    {
        // All functions start from one snapshot of a machine, so the identity of a process is not unique.
        var defaults = new Dictionary<string, string?> { ["Etl:Run:TakeOverGoneProcesses"] = "false" };
        if (Environment.GetEnvironmentVariable("AWS_LAMBDA_FUNCTION_MEMORY_SIZE") is { Length: > 0 } memory)
        {
            defaults["Etl:Cost:MemoryMegabytes"] = memory;
        }

        return defaults;
    }

    /// <summary>Runs the pipeline as the event requests; a failed run fails the invocation.</summary>
    /// <returns>
    /// The summary of the run as JSON, also where the date was done already. For messages of a queue, the messages to deliver
    /// again; if all failed, the invocation fails. For a setup, the user that was set up.
    /// </returns>
    public async Task<string> HandleAsync(byte[] payload, ILambdaContext context, CancellationToken cancellationToken)
    {
        log.RequestId = context.AwsRequestId;
        try
        {
            return SetupEvent.Read(payload) is { } setup
                ? await SetUpAsync(setup, cancellationToken)
                : await RunAllAsync(payload, context, cancellationToken);
        }
        catch (Exception exception) when (exception is not InvocationException)
        {
            throw services.GetRequiredService<FailureReport>().Of(exception, "the host");
        }
        finally
        {
            services.StartTelemetry().Flush();
            services.CloseIdleConnections();
        }
    }

    private async Task<string> SetUpAsync(SetupEvent setup, CancellationToken cancellationToken)
    {
        var user = await services
            .GetRequiredService<DatabaseSetup>()
            .SetUpAsync(setup.Username, setup.Password, cancellationToken);
        return JsonSerializer.Serialize(new { status = "set_up", user });
    }

    private async Task<string> RunAllAsync(byte[] payload, ILambdaContext context, CancellationToken cancellationToken)
    {
        var parts = new List<HandledPart<RunSummary>>();
        foreach (var part in services.GetRequiredService<EventReader>().Read(payload))
        {
            var summaries = await RunAsync(part, context, cancellationToken);
            var failed = summaries.FirstOrDefault(s => s.Error is not null);
            parts.Add(new HandledPart<RunSummary>(part.MessageId, summaries, FailureOf(failed)));
        }

        return HandledPart<RunSummary>.Answer(parts, Write);
    }

    private static InvocationException? FailureOf(RunSummary? failed) =>
        failed is null ? null : new InvocationException(failed.Error!.Code, MessageOf(failed));

    private static string Write(IReadOnlyList<RunSummary> summaries) =>
        summaries switch
        {
            [] => """{"runs":[]}""",
            [var only] => SummaryJson.Write(only, indented: false),
            _ => SummaryJson.WriteAll(summaries),
        };

    private static string FunctionName() =>
        Environment.GetEnvironmentVariable("AWS_LAMBDA_FUNCTION_NAME") is { Length: > 0 } name ? name : "etl";

    private async Task<IReadOnlyList<RunSummary>> RunAsync(
        EventPart<RunRequest> part,
        ILambdaContext context,
        CancellationToken cancellationToken
    )
    {
        if (part.Error is { } refused)
        {
            return [Report(SummaryJson.OfError(refused))];
        }

        var summaries = new List<RunSummary>();
        foreach (var request in part.Requests)
        {
            var run = request with
            {
                Deadline = DeadlineOf(context),
                TraceParent = TraceHeader.ToTraceParent(Environment.GetEnvironmentVariable(TraceHeader.Variable)),
            };
            summaries.Add(Report(await pipeline.RunAsync(run, cancellationToken)));
        }

        return summaries;
    }

    /// <summary>Writes the metrics of a run, and the line about its failure.</summary>
    private RunSummary Report(RunSummary summary)
    {
        if (EmbeddedMetrics.LineOf(summary, FunctionName(), clock.GetUtcNow()) is { } metrics)
        {
            log.Write(metrics);
        }

        if (summary.Error is { } error)
        {
            log.WriteFailure(error, MessageOf(summary), summary.RunId, summary.Exception);
        }

        return summary;
    }

    private static string MessageOf(RunSummary summary) =>
        $"{Prefix(summary)}{summary.Error!.Message} Next: {summary.Error.NextStep}";

    /// <summary>The time limit of Lambda is far below a day; a longer remaining time means that none was sent.</summary>
    private DateTimeOffset? DeadlineOf(ILambdaContext context) =>
        context.RemainingTime < TimeSpan.FromDays(1) ? clock.GetUtcNow() + context.RemainingTime : null;

    /// <summary>Names the run in the error of the invocation; empty where no run started.</summary>
    private static string Prefix(RunSummary summary) =>
        summary.RunId is { } run && summary.Status != SummaryStatus.InProgress
            ? $"Run {run} of {summary.BusinessDate} {Text(summary.Status)}: "
            : "";

    private static string Text(SummaryStatus status) =>
        status switch
        {
            SummaryStatus.TimedOut => "timed out",
            SummaryStatus.Cancelled => "was cancelled",
            SummaryStatus.ExportPending => "is published, its export is pending",
            _ => "failed",
        };
}
