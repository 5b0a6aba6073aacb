using System.Diagnostics;

namespace Etl.IntegrationTests.Chaos;

/// <summary>Waits for what must come, however long that takes on a busy machine, but not for ever.</summary>
internal static class Until
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);

    /// <exception cref="TimeoutException">It did not come.</exception>
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
