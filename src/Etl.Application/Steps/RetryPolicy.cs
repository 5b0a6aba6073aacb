using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Microsoft.Extensions.Options;

namespace Etl.Application.Steps;

/// <summary>
/// The one place where a leased run's work is tried again. Every step can be done twice, so whatever an adapter calls
/// transient is; the run's own token ends it, and with it the deadline.
/// </summary>
internal sealed class RetryPolicy(IRunObserver observer, IOptions<RunOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    public async Task<T> DoAsync<T>(RunId run, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        for (var trial = 1; ; trial++)
        {
            try
            {
                return await work();
            }
            catch (EtlException exception) when (IsTransient(exception.Error) && trial <= options.Value.Retries)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var pause = Pause(trial);
                observer.Warned(run, $"{exception.Error.Message} Trying again in {pause.TotalSeconds:0.0} s.");
                await Task.Delay(pause, clock, cancellationToken);
            }
        }
    }

    public Task DoAsync(RunId run, Func<Task> work, CancellationToken cancellationToken) =>
        DoAsync(
            run,
            async () =>
            {
                await work();
                return true;
            },
            cancellationToken
        );

    /// <summary>Faults of the ways to other systems; a file that is missing or wrong is for people to mend.</summary>
    private static bool IsTransient(EtlError error) =>
        error
            is {
                Retryable: true,
                Code: ErrorCode.Database
                    or ErrorCode.DatabaseUnreachable
                    or ErrorCode.SourceUnreadable
                    or ErrorCode.Lake
            };

    /// <summary>Doubled each time; half of it by chance, so that hosts that failed together do not return together.</summary>
    private static TimeSpan Pause(int trial) =>
        FirstPause * Math.Pow(2, trial - 1) * (0.5 + (Random.Shared.NextDouble() / 2));
}
