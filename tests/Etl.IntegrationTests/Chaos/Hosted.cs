using Etl.Application;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Infrastructure;
using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Etl.IntegrationTests.Chaos;

/// <summary>The whole pipeline in this process, composed as in a host; many can run at once.</summary>
internal sealed class Hosted : IAsyncDisposable
{
    /// <summary>Application name of the pipeline's connections, which distinguishes them from the test's.</summary>
    public const string Name = "etl-under-test";

    private readonly ServiceProvider services;

    public Hosted(
        Workplace place,
        string? source = null,
        Action<IServiceCollection>? change = null,
        params (string Key, string Value)[] settings
    )
    {
        var all = new Dictionary<string, string?>
        {
            ["Etl:Postgres:ConnectionString"] = $"{place.Connection};Application Name={Name}",
            ["Etl:Source:Uri"] = source ?? place.Source,
            ["Etl:Lake:Uri"] = place.Lake,
            ["Etl:Postgres:Distribution"] = CitusCluster.Has(place.Connection) ? "Citus" : "None",
        };
        foreach (var (key, value) in settings)
        {
            all[$"Etl:{key}"] = value;
        }

        var configuration = new ConfigurationBuilder().AddInMemoryCollection(all).Build();
        var collection = new ServiceCollection().AddLogging();
        collection.AddEtlApplication().AddEtlInfrastructure(configuration);
        change?.Invoke(collection);
        services = collection.BuildServiceProvider();
    }

    public Task<RunSummary> RunAsync(
        string day = Workplace.Day,
        bool force = false,
        DateTimeOffset? deadline = null,
        CancellationToken cancellationToken = default
    ) =>
        services
            .GetRequiredService<EtlPipeline>()
            .RunAsync(new RunRequest(BusinessDate.Parse(day), Force: force, Deadline: deadline), cancellationToken);

    public ValueTask DisposeAsync() => services.DisposeAsync();
}
