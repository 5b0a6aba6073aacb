using System.Diagnostics;

namespace Etl.IntegrationTests.Chaos;

/// <summary>Waits for a condition, for at most five minutes unless the limit is a part of the condition.</summary>
internal static class Until
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);

    /// <exception cref="TimeoutException">The condition did not become true.</exception>
    public static async Task TrueAsync(Func<Task<bool>> condition, string otherwise, TimeSpan? limit = null)
    {
        var begun = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(begun) > (limit ?? Timeout))
            {
                throw new TimeoutException(otherwise);
            }

            await Task.Delay(Pace);
        }
    }
}
