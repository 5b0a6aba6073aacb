using System.Runtime.ExceptionServices;

namespace Etl.Application.Steps;

/// <summary>Works that go on at the same time: when one fails the others are stopped, and the first exception is the one told.</summary>
internal static class ParallelTasks
{
    public static async Task<T[]> DoAsync<T>(
        IEnumerable<Func<CancellationToken, Task<T>>> works,
        CancellationToken cancellationToken
    )
    {
        using var all = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Exception? first = null;
        var tasks = works.Select(OneAsync).ToList();
        try
        {
            return await Task.WhenAll(tasks);
        }
        catch (Exception) when (first is not null && !cancellationToken.IsCancellationRequested)
        {
            ExceptionDispatchInfo.Throw(first);
            throw;
        }

        async Task<T> OneAsync(Func<CancellationToken, Task<T>> work)
        {
            try
            {
                return await Task.Run(() => work(all.Token), all.Token);
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
