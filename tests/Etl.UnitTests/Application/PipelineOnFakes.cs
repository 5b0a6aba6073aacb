using Etl.Application;
using Etl.Application.Export;
using Etl.Application.Extract;
using Etl.Application.Notify;
using Etl.Application.Options;
using Etl.Application.Publish;
using Etl.Application.Runs;
using Etl.Application.Stage;
using Etl.Application.Transform;
using Etl.Domain;
using Etl.Domain.Runs;
using Etl.Infrastructure.Transform;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Application;

/// <summary>The pipeline on ports in memory.</summary>
public abstract class PipelineOnFakes
{
    protected PipelineOnFakes() => Ports.Published = _ => Ledger.Run.Publish(DateTimeOffset.UnixEpoch);

    private protected static RunRequest Request { get; } = new(BusinessDate.Parse("2026-03-01"));

    private protected FakePorts Ports { get; } = new();

    private protected FakeQuarantine Quarantine { get; } = new();

    private protected FakeLedger Ledger { get; } = new();

    private protected FakeLog Logs { get; } = new();

    private protected TimeProvider Clock { get; } = new ImpatientClock();

    private protected int Retries { get; set; }

    private protected int NotifySeconds { get; set; } = 20;

    private protected DatasetCatalog Datasets { get; set; } = DatasetCatalog.BuiltIn;

    private protected QualityOptions Quality { get; } = new();

    private protected DeliveryOptions Delivery { get; } = new();

    private protected Task<RunSummary> RunAsync() => Pipeline().RunAsync(Request, CancellationToken.None);

    /// <summary>Notifiers beside that of <see cref="Ports"/>.</summary>
    private protected List<INotifier> MoreNotifiers { get; } = [];

    private protected EtlPipeline Pipeline()
    {
        var services = new ServiceCollection()
            .AddEtlApplication()
            .AddSingleton(Datasets)
            .AddSingleton(MartFiles.BuiltIn)
            .AddOptions()
            .AddLogging(b => b.SetMinimumLevel(LogLevel.Trace).AddProvider(Logs))
            .Configure<RunOptions>(o => (o.Retries, o.NotifySeconds) = (Retries, NotifySeconds))
            .AddSingleton(Microsoft.Extensions.Options.Options.Create(Quality))
            .AddSingleton(Microsoft.Extensions.Options.Options.Create(Delivery))
            .AddSingleton(Clock)
            .AddSingleton<ILedgerConnection>(Ledger)
            .AddSingleton<ILedgerMigrations>(Ledger)
            .AddSingleton<IRunLease>(Ledger)
            .AddSingleton<IRunJournal>(Ledger)
            .AddSingleton<IOutbox>(Ledger)
            .AddSingleton<IRunHistory>(Ledger)
            .AddSingleton<ISourceStore>(Ports)
            .AddSingleton<IStagingLoader>(Ports)
            .AddSingleton<IModelLoader>(Ports)
            .AddSingleton<ILoaderRequest>(Ports)
            .AddSingleton<IAnalyticsTransformer>(Ports)
            .AddSingleton<IPublisher>(Ports)
            .AddSingleton(Moq.Mock.Of<IRollback>())
            .AddSingleton<IPublishedRun>(Ports)
            .AddSingleton(new ExportFormats([]))
            .AddSingleton<IAnalyticsReader>(Ports)
            .AddSingleton<IDataLake>(Ports)
            .AddSingleton<IQuarantine>(Quarantine)
            .AddSingleton<IFigureReader>(Ports)
            .AddSingleton<IRunReport>(Ports)
            .AddSingleton(Moq.Mock.Of<ILineage>())
            .AddSingleton<INotifier>(Ports)
            .AddSingleton<IRunObserver>(Ports);
        MoreNotifiers.ForEach(n => services.AddSingleton(n));
        return services.BuildServiceProvider().GetRequiredService<EtlPipeline>();
    }
}
