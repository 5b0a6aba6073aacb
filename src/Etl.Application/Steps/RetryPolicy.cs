using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Microsoft.Extensions.Options;

namespace Etl.Application.Steps;

/// <summary>
/// Repeats work of a run, or of a start before it, after transient errors, up to <c>Etl:Run:Retries</c> times. Every step is safe to repeat. The
/// caller's token, and with it the deadline, ends the repetitions.
/// </summary>
internal sealed class RetryPolicy(IRunObserver observer, IOptions<RunOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    public async Task<T> DoAsync<T>(RunId? run, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        for (var retry = 1; ; retry++)
        {
            try
            {
                return await work();
            }
            catch (EtlException exception) when (IsTransient(exception.Error) && retry <= options.Value.Retries)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var pause = Pause(retry);
                observer.Warned(
                    run,
                    $"{exception.Error.Message} Retrying in {pause.TotalSeconds:0.0} s (retry {retry} of {options.Value.Retries})."
                );
                await Task.Delay(pause, clock, cancellationToken);
            }
        }
    }

    public Task DoAsync(RunId? run, Func<Task> work, CancellationToken cancellationToken) =>
        DoAsync(
            run,
            async () =>
            {
                await work();
                return true;
            },
            cancellationToken
        );

    /// <summary>Errors of connections to other systems. A missing or wrong file needs a person.</summary>
    private static bool IsTransient(EtlError error) =>
        error
            is {
                Retryable: true,
                Code: ErrorCode.Database
                    or ErrorCode.DatabaseUnreachable
                    or ErrorCode.SourceUnreadable
                    or ErrorCode.Lake
            };

    /// <summary>Doubles each time, with a random half, so that hosts that failed together do not retry together.</summary>
    private static TimeSpan Pause(int retry) =>
        FirstPause * Math.Pow(2, retry - 1) * (0.5 + (Random.Shared.NextDouble() / 2));
}
