using System.Diagnostics;

namespace Etl.IntegrationTests.Chaos;

/// <summary>Waits for a condition, for at most five minutes.</summary>
internal static class Until
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);

    /// <exception cref="TimeoutException">The condition did not become true.</exception>
    public static async Task TrueAsync(Func<Task<bool>> condition, string otherwise)
    {
        var begun = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(begun) > Timeout)
            {
                throw new TimeoutException(otherwise);
            }

            await Task.Delay(Pace);
        }
    }
}
