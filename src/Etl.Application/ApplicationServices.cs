using Etl.Application.Export;
using Etl.Application.Extract;
using Etl.Application.Notify;
using Etl.Application.Operations;
using Etl.Application.Options;
using Etl.Application.Publish;
using Etl.Application.Runs;
using Etl.Application.Stage;
using Etl.Application.Steps;
using Etl.Application.Transform;
using Etl.Domain;
using Etl.Domain.Analytics;
using FluentValidation;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Etl.Application;

/// <summary>The application layer's one registration; it is also all that knows how MediatR is wired.</summary>
public static class ApplicationServices
{
    /// <summary>Adds the pipeline and its five steps. The ports are the infrastructure's to add.</summary>
    public static IServiceCollection AddEtlApplication(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(DatasetCatalog.BuiltIn);
        services.AddSingleton<ServiceFactory>(provider => provider.GetRequiredService);
        services.AddSingleton<IMediator, Mediator>();
        services.AddSettingsRules();
        services.AddSingleton<Messages>();
        services.AddSingleton<Outbox>();
        services.AddSingleton<Reporting>();
        services.AddSingleton<Outcomes>();
        services.AddSingleton<RetryPolicy>();
        services.AddSingleton<UsageMeter>();
        services.AddSingleton<FileInspection>();
        services.AddSingleton<ArrivalComparison>();
        services.AddSingleton<StageInspection>();
        services.AddSingleton(p => new QuarantineExport(p.GetRequiredService<IQuarantine>()));
        services.AddSingleton(p => new Replays(
            p.GetRequiredService<IRunHistory>(),
            p.GetRequiredService<IPublisher>()
        ));
        services.AddSingleton(p => new Lazy<Replays>(p.GetRequiredService<Replays>)); // a check has no database to ask
        services.AddSingleton(p => new EtlPipeline(
            p.GetRequiredService<IMediator>(),
            p.GetRequiredService<ILedgerMigrations>(),
            p.GetRequiredService<IRunLease>(),
            p.GetRequiredService<IStagingLoader>(),
            p.GetRequiredService<IPublisher>(),
            p.GetRequiredService<Outcomes>(),
            p.GetRequiredService<RetryPolicy>(),
            p.GetRequiredService<UsageMeter>(),
            p.GetRequiredService<ILineage>(),
            p.GetRequiredService<IOptions<RunOptions>>(),
            p.GetRequiredService<ILoggerFactory>(),
            p.GetRequiredService<TimeProvider>()
        ));
        services.AddSingleton(p => new SourceCheck(
            p.GetRequiredService<DatasetCatalog>(),
            p.GetRequiredService<IRequestHandler<ExtractCommand, ExtractResult>>(),
            p.GetRequiredService<ISourceChecker>(),
            p.GetRequiredService<FileInspection>(),
            p.GetRequiredService<IRunObserver>()
        ));
        services.AddSingleton(p => new HealthCheckRunner(
            p.GetServices<IHealthCheck>(),
            p.GetRequiredService<TimeProvider>()
        ));
        services.AddSingleton(p => new RunPlanner(
            p.GetRequiredService<HealthCheckRunner>(),
            p.GetRequiredService<SourceCheck>,
            p.GetRequiredService<ArrivalComparison>(),
            p.GetRequiredService<ILedgerMigrations>,
            p.GetRequiredService<IRunLease>,
            p.GetRequiredService<IRunHistory>,
            p.GetRequiredService<IDataLake>,
            p.GetRequiredService<MartCatalog>()
        ));
        return services
            .AddStep<ExtractCommand, ExtractResult, ExtractHandler, ExtractValidator>()
            .AddStep<StageCommand, StageResult, StageHandler, StageValidator>()
            .AddStep<TransformCommand, TransformResult, TransformHandler, TransformValidator>()
            .AddStep<ExportCommand, ExportResult, ExportHandler, ExportValidator>()
            .AddStep<NotifyCommand, NotifyResult, NotifyHandler, NotifyValidator>();
    }

    private static void AddSettingsRules(this IServiceCollection services) =>
        services
            .AddSingleton<IValidator<CalendarOptions>, CalendarOptionsValidator>()
            .AddSingleton<IValidator<QualityOptions>, QualityOptionsValidator>()
            .AddSingleton<IValidator<ScheduleOptions>, ScheduleOptionsValidator>();

    /// <summary>The behaviors' order is the order in which they are added here: telemetry, logging, retry, ledger,
    /// validation.</summary>
    private static IServiceCollection AddStep<TCommand, TResult, THandler, TValidator>(this IServiceCollection services)
        where TCommand : IStepCommand<TResult>
        where TResult : IStepResult
        where THandler : class, IRequestHandler<TCommand, TResult>
        where TValidator : class, IValidator<TCommand> =>
        services
            .AddSingleton<IRequestHandler<TCommand, TResult>, THandler>()
            .AddSingleton<IValidator<TCommand>, TValidator>()
            .AddSingleton<IPipelineBehavior<TCommand, TResult>, TelemetryBehavior<TCommand, TResult>>()
            .AddSingleton<IPipelineBehavior<TCommand, TResult>, LoggingBehavior<TCommand, TResult>>()
            .AddSingleton<IPipelineBehavior<TCommand, TResult>, RetryBehavior<TCommand, TResult>>()
            .AddSingleton<IPipelineBehavior<TCommand, TResult>, LedgerBehavior<TCommand, TResult>>()
            .AddSingleton<IPipelineBehavior<TCommand, TResult>, ValidationBehavior<TCommand, TResult>>();
}
