namespace Etl.Infrastructure.Staging;

/// <summary>How many more rejected rows of a run the quarantine keeps; shared by the files that load at once.</summary>
internal sealed class KeptRejects(int most)
{
    private int left = most;

    public bool HasRoom => Volatile.Read(ref left) > 0;

    public bool TryTake() => Interlocked.Decrement(ref left) >= 0;
}
