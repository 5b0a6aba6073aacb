namespace Etl.Hosts.Console.LocalPostgres;

/// <summary>Waits for a condition that cannot be observed otherwise.</summary>
internal static class Polling
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(30);

    /// <summary>Waits until the condition holds, for a limited time.</summary>
    /// <returns>Whether it holds.</returns>
    public static async Task<bool> UntilAsync(
        Func<bool> condition,
        TimeSpan timeout,
        CancellationToken cancellationToken
    )
    {
        var clock = TimeProvider.System;
        var start = clock.GetTimestamp();
        while (!condition())
        {
            if (clock.GetElapsedTime(start) > timeout)
            {
                return false;
            }

            await Task.Delay(Interval, clock, cancellationToken);
        }

        return true;
    }
}
