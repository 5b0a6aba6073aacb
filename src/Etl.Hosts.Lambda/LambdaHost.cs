using Etl.Application;
using Etl.Application.Errors;
using Etl.Application.Pipeline;
using Etl.Application.Settings;
using Etl.Hosts.Lambda.Events;
using Etl.Hosts.Lambda.RuntimeApi;
using Etl.Infrastructure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Etl.Hosts.Lambda;

/// <summary>One pipeline for the life of the process, invoked by events.</summary>
internal sealed class LambdaHost(EtlPipeline pipeline, IOptions<ScheduleOptions> schedule, TimeProvider clock)
{
    /// <summary>The host's own services and settings.</summary>
    public static IHost Build(string[] args)
    {
        var builder = Host.CreateEmptyApplicationBuilder(
            new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory }
        );
        // Functions are started as copies of one machine: its marks do not tell two of them apart.
        builder.Configuration.AddInMemoryCollection([new("Etl:Run:TakeOverGoneProcesses", "false")]);
        builder.Configuration.AddJsonFile("appsettings.json", optional: true);
        builder.Configuration.AddEnvironmentVariables();
        builder.Configuration.AddCommandLine(args);
        builder.Logging.AddJsonConsole();
        builder.Services.AddEtlApplication().AddEtlInfrastructure(builder.Configuration);
        builder.Services.AddSingleton<LambdaHost>();
        return builder.Build();
    }

    /// <summary>Runs what the event asks for; a failed run fails the invocation.</summary>
    public async Task<string> HandleAsync(byte[] payload, ILambdaContext context, CancellationToken cancellationToken)
    {
        var summary = await RunAsync(payload, context, cancellationToken);
        var json = SummaryJson.Write(summary, indented: false);
        return summary.ExitCode == 0
            ? json
            : throw new InvocationException(summary.Error?.Code.Text() ?? ErrorCode.Internal.Text(), json);
    }

    /// <summary>No platform gives a day; one that gives more did not say.</summary>
    private DateTimeOffset? DeadlineOf(ILambdaContext context) =>
        context.RemainingTime < TimeSpan.FromDays(1) ? clock.GetUtcNow() + context.RemainingTime : null;

    private async Task<RunSummary> RunAsync(byte[] payload, ILambdaContext context, CancellationToken cancellationToken)
    {
        try
        {
            var zone = TimeZoneInfo.FindSystemTimeZoneById(schedule.Value.TimeZone);
            var request = EventReader.Read(payload, zone) with { Deadline = DeadlineOf(context) };
            return await pipeline.RunAsync(request, cancellationToken);
        }
        catch (EtlException fault)
        {
            return SummaryJson.OfError(fault.Error);
        }
    }
}
