using System.Diagnostics;

namespace Etl.Application.Runs;

/// <summary>What a run's work took of its machine; a run that several starts worked on has their sum.</summary>
/// <param name="Duration">Time from start to end of the invocations that worked on it.</param>
/// <param name="PeakMemoryBytes">Most memory that the process held at once, the largest of the invocations.</param>
public sealed record RunUsage(TimeSpan Duration, long PeakMemoryBytes)
{
    /// <summary>Of this process, so far.</summary>
    public static RunUsage OfThisProcess(TimeSpan duration)
    {
        using var self = Process.GetCurrentProcess();
        return new RunUsage(duration, self.PeakWorkingSet64);
    }
}
