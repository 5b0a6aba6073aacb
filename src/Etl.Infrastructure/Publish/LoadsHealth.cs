using Etl.Application.Errors;
using Etl.Application.Operations;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using Npgsql;

namespace Etl.Infrastructure.Publish;

/// <summary>Reports loads that could not be detached for a long time.</summary>
internal sealed class LoadsHealth(Func<AttachedLoads> loads, Func<NpgsqlDataSource> open) : IHealthCheck
{
    public string Name => "loads";

    public string Needs => "schema";

    public ErrorCode Cause => ErrorCode.Database;

    public Task<HealthCheckResult> CheckAsync(BusinessDate date, CancellationToken cancellationToken)
    {
        var database = open();
        return database.GuardAsync("see which loads are attached", () => CheckAsync(database, cancellationToken));
    }

    private async Task<HealthCheckResult> CheckAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await loads().WarningAsync(connection, cancellationToken) is var (message, nextStep)
            ? HealthCheckResult.Warning(message, nextStep)
            : HealthCheckResult.Ok("earlier loads are detached in time");
    }
}
