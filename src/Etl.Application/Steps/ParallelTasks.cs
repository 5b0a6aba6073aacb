using System.Runtime.ExceptionServices;

namespace Etl.Application.Steps;

/// <summary>Runs tasks in parallel. When one fails the others are canceled, and the first exception is thrown.</summary>
public static class ParallelTasks
{
    /// <returns>The results, in the order of the tasks.</returns>
    public static async Task<T[]> DoAsync<T>(
        IEnumerable<Func<CancellationToken, Task<T>>> tasks,
        CancellationToken cancellationToken
    )
    {
        using var all = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Exception? first = null;
        var running = tasks.Select(RunAsync).ToList();
        try
        {
            return await Task.WhenAll(running);
        }
        catch (Exception) when (first is not null && !cancellationToken.IsCancellationRequested)
        {
            ExceptionDispatchInfo.Throw(first);
            throw;
        }

        async Task<T> RunAsync(Func<CancellationToken, Task<T>> task)
        {
            try
            {
                return await Task.Run(() => task(all.Token), all.Token);
            }
            catch (Exception exception)
            {
                Interlocked.CompareExchange(ref first, exception, null);
                await all.CancelAsync();
                throw;
            }
        }
    }
}
