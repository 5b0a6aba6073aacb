using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Infrastructure.Postgres;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Etl.Infrastructure.Ledger;

/// <summary>Connects to a server that may be starting, such as a database that pauses while it is not used.</summary>
internal sealed partial class LedgerConnection(
    NpgsqlDataSource database,
    IOptions<PostgresOptions> options,
    TimeProvider clock,
    ILogger<LedgerConnection> log
) : ILedgerConnection
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        if (options.Value.ConnectSeconds == 0)
        {
            return;
        }

        var end = clock.GetUtcNow() + TimeSpan.FromSeconds(options.Value.ConnectSeconds);
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await ConnectAsync(end - clock.GetUtcNow(), cancellationToken);
                return;
            }
            catch (EtlException exception) when (exception.Error.Retryable && clock.GetUtcNow() + pause < end)
            {
                LogRetry(exception.Error.Message, pause.TotalSeconds);
            }

            await Task.Delay(pause, clock, cancellationToken);
        }
    }

    private Task ConnectAsync(TimeSpan left, CancellationToken cancellationToken) =>
        database.GuardAsync(
            "connect to the database",
            async () =>
            {
                using var timeout = new CancellationTokenSource(left, clock);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
                try
                {
                    await using var connection = await database.OpenConnectionAsync(either.Token);
                }
                catch (OperationCanceledException canceled) when (!cancellationToken.IsCancellationRequested)
                {
                    throw new NpgsqlException(canceled.Message, new TimeoutException());
                }
            }
        );

    [LoggerMessage(
        46,
        LogLevel.Warning,
        "The database does not accept connections yet; next try in {Seconds} s. {Reason}"
    )]
    private partial void LogRetry(string reason, double seconds);
}
