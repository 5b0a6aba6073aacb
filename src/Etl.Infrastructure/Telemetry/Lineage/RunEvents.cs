using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain;
using Etl.Domain.Analytics;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using Etl.Infrastructure.Transform;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Etl.Infrastructure.Telemetry.Lineage;

/// <summary>Appends run events to a file and posts them to an address, as configured.</summary>
internal sealed partial class RunEvents(
    IOptions<LineageOptions> lineage,
    DatasetCatalog datasets,
    MartCatalog marts,
    IOptions<SchemaOptions> schemas,
    IServiceProvider services,
    TimeProvider clock,
    ILogger<RunEvents> log
) : ILineage
{
    private const string KeyVariable = "OPENLINEAGE_API_KEY";
    private readonly LineageOptions options = lineage.Value;

    private readonly Lazy<Dictionary<string, IReadOnlyList<string>>> tests = new(() =>
        new TransformPlan(datasets, marts).Tests.ToDictionary(t => t.Name, t => t.Inputs)
    );

    public Task StartedAsync(Run run, CancellationToken cancellationToken) =>
        EmitAsync(e => e.Start(run, clock.GetUtcNow()), cancellationToken);

    public Task EndedAsync(Run run, RunSummary summary, CancellationToken cancellationToken) =>
        EmitAsync(e => e.End(run, summary, clock.GetUtcNow()), cancellationToken);

    private async Task EmitAsync(Func<RunEvent, JsonObject> write, CancellationToken cancellationToken)
    {
        var toFile = !string.IsNullOrWhiteSpace(options.File);
        var toUrl = !string.IsNullOrWhiteSpace(options.Url);
        if (!toFile && !toUrl)
        {
            return;
        }

        var json = write(new RunEvent(options.Namespace, datasets, marts, schemas.Value, InputsOf, TableName))
            .ToJsonString();
        if (toFile)
        {
            await GuardAsync(
                options.File!,
                () => File.AppendAllTextAsync(options.File!, json + "\n", cancellationToken)
            );
        }

        if (toUrl)
        {
            await GuardAsync(SafeText.Url(options.Url), () => PostAsync(json, cancellationToken));
        }
    }

    private IReadOnlyList<string> InputsOf(string test) => tests.Value.GetValueOrDefault(test) ?? [];

    private async Task PostAsync(string json, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(options.TimeoutSeconds) };
        if (Environment.GetEnvironmentVariable(KeyVariable) is { Length: > 0 } key)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(new Uri(options.Url!), content, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Logs errors and ignores them: a lost event must not fail the run.</summary>
    private async Task GuardAsync(string destination, Func<Task> send)
    {
        try
        {
            await send();
        }
        catch (Exception exception)
            when (exception
                    is IOException
                        or UnauthorizedAccessException
                        or HttpRequestException
                        or OperationCanceledException
            )
        {
            LogLost(destination, exception.GetType().Name);
        }
    }

    private DatasetName TableName(string schema, string table)
    {
        var database = new NpgsqlConnectionStringBuilder(
            services.GetRequiredService<NpgsqlDataSource>().ConnectionString
        );
        // A Unix socket's folder is a host on this machine.
        var host = database.Host is { } name && !name.StartsWith('/') ? name : "localhost";
        return new DatasetName($"postgres://{host}:{database.Port}", $"{database.Database}.{schema}.{table}");
    }

    [LoggerMessage(60, LogLevel.Warning, "Could not send the lineage event to {Destination}: {Exception}")]
    private partial void LogLost(string destination, string exception);
}
