namespace Etl.Hosts.Console.LocalPostgres;

/// <summary>Waits for what tells nobody when it happens.</summary>
internal static class Polling
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(30);

    /// <summary>Asks again and again, for a bounded time.</summary>
    /// <returns>Whether it happened.</returns>
    public static async Task<bool> UntilAsync(Func<bool> happened, TimeSpan most, CancellationToken cancellationToken)
    {
        var clock = TimeProvider.System;
        var begun = clock.GetTimestamp();
        while (!happened())
        {
            if (clock.GetElapsedTime(begun) > most)
            {
                return false;
            }

            await Task.Delay(Pause, clock, cancellationToken);
        }

        return true;
    }
}
