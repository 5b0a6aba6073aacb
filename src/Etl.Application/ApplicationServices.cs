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
using Etl.Domain.Runs;
using FluentValidation;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Etl.Application;

/// <summary>The registration of this layer. Only this file depends on how MediatR resolves its handlers.</summary>
public static class ApplicationServices
{
    /// <summary>Adds the pipeline, its steps and the operations around it. The infrastructure adds the ports.</summary>
    public static IServiceCollection AddEtlApplication(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(DatasetCatalog.BuiltIn);
        services.TryAddSingleton(OptionalDatasets.BuiltIn);
        services.TryAddSingleton(ExtensionFiles.None);
        return services.AddOptionsValidators().AddPipeline().AddSteps().AddOperations();
    }

    private static IServiceCollection AddOptionsValidators(this IServiceCollection services) =>
        services
            .AddSingleton<IValidator<CalendarOptions>, CalendarOptionsValidator>()
            .AddSingleton<IValidator<DeliveryOptions>, DeliveryOptionsValidator>()
            .AddSingleton<IValidator<QualityOptions>, QualityOptionsValidator>()
            .AddSingleton<IValidator<ScheduleOptions>, ScheduleOptionsValidator>();

    private static IServiceCollection AddPipeline(this IServiceCollection services) =>
        services
            .AddSingleton<ServiceFactory>(provider => provider.GetRequiredService)
            .AddSingleton<IMediator, Mediator>()
            .AddSingleton<DateLimits>()
            .AddSingleton<RunInvocation>()
            .AddSingleton<RunDispatcher>()
            .AddSingleton<DoneDays>()
            .AddSingleton<RunWorker>()
            .AddSingleton<RunSummaries>()
            .AddSingleton<RetryPolicy>()
            .AddSingleton<UsageMeter>()
            .AddSingleton(p => new EtlPipeline(
                p.Get<IMediator>(),
                p.Get<RunInvocation>(),
                p.Get<RunDispatcher>(),
                p.Get<RunSummaries>(),
                p.Get<DateLimits>()
            ));

    private static IServiceCollection AddSteps(this IServiceCollection services) =>
        services
            .AddSingleton<Replays>()
            .AddSingleton<DeliveryReader>()
            .AddSingleton(p => new SnapshotFinder(
                p.Get<DatasetCatalog>(),
                p.Get<OptionalDatasets>(),
                p.Get<ISourceStore>(),
                p.Get<DeliveryReader>(),
                p.Get<IOptions<DeliveryOptions>>(),
                p.Get<IOptions<QualityOptions>>()
            ))
            .AddSingleton<DeliveryWait>()
            .AddSingleton<RedeliveryCheck>()
            .AddSingleton(p => new ArrivalComparison(p.Get<IRunHistory>, p.Get<IOptions<QualityOptions>>()))
            .AddSingleton(p => new PastParts(
                p.Get<DatasetCatalog>(),
                p.Get<ISourceStore>,
                p.Get<IRunHistory>,
                p.Get<IOptions<DeliveryOptions>>()
            ))
            .AddSingleton<FileInspection>()
            .AddSingleton<StageInspection>()
            .AddSingleton<Reporting>()
            .AddSingleton<MessageQueue>()
            .AddStep<ExtractCommand, ExtractResult, ExtractHandler, StepValidator<ExtractCommand>>()
            .AddStep<StageCommand, StageResult, StageHandler, StageValidator>()
            .AddStep<TransformCommand, TransformResult, TransformHandler, TransformValidator>()
            .AddStep<PublishCommand, PublishResult, PublishHandler, StepValidator<PublishCommand>>()
            .AddStep<RollbackCommand, RollbackResult, RollbackHandler, StepValidator<RollbackCommand>>()
            .AddStep<ExportCommand, ExportResult, ExportHandler, StepValidator<ExportCommand>>()
            .AddStep<NotifyCommand, NotifyResult, NotifyHandler, NotifyValidator>();

    /// <summary>The behaviors surround the handler in the order of their registration, the first one outermost.</summary>
    private static IServiceCollection AddStep<TCommand, TResult, THandler, TValidator>(this IServiceCollection services)
        where TCommand : IStepCommand<TResult>
        where TResult : IStepResult
        where THandler : class, IRequestHandler<TCommand, TResult>
        where TValidator : class, IValidator<TCommand> =>
        services
            .AddSingleton<IRequestHandler<TCommand, TResult>, THandler>()
            .AddSingleton<IValidator<TCommand>, TValidator>()
            .AddSingleton<IPipelineBehavior<TCommand, TResult>, TelemetryBehavior<TCommand, TResult>>()
            .AddSingleton<IPipelineBehavior<TCommand, TResult>, ProgressBehavior<TCommand, TResult>>()
            .AddSingleton<IPipelineBehavior<TCommand, TResult>, RetryBehavior<TCommand, TResult>>()
            .AddSingleton<IPipelineBehavior<TCommand, TResult>, LedgerBehavior<TCommand, TResult>>()
            .AddSingleton<IPipelineBehavior<TCommand, TResult>, ValidationBehavior<TCommand, TResult>>();

    /// <summary>The planner resolves the ports of the ledger and of the lake only when their settings are valid.</summary>
    private static IServiceCollection AddOperations(this IServiceCollection services) =>
        services
            .AddSingleton<HealthCheckRunner>()
            .AddSingleton<QuarantineExport>()
            .AddSingleton<SourceSuggestion>()
            .AddSingleton(p => new SourceCheck(
                p.Get<DatasetCatalog>(),
                p.Get<SnapshotFinder>(),
                p.Get<ISourceChecker>(),
                p.Get<IDimensionChecker>(),
                p.Get<FileInspection>(),
                p.Get<IRunObserver>()
            ))
            .AddSingleton(p => new RunPlanner(
                p.Get<DateLimits>(),
                p.Get<HealthCheckRunner>(),
                p.Get<SourceCheck>,
                p.Get<ArrivalComparison>(),
                p.Get<PastParts>(),
                p.Get<RedeliveryCheck>,
                p.Get<ILedgerMigrations>,
                p.Get<IRunLease>,
                p.Get<IRunHistory>,
                p.Get<IDataLake>,
                p.Get<MartCatalog>()
            ));

    private static T Get<T>(this IServiceProvider provider)
        where T : notnull => provider.GetRequiredService<T>();
}
