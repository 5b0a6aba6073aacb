namespace Etl.Application.Options;

/// <summary>Lease, retries and deadline of a run. Section <c>Etl:Run</c>.</summary>
public sealed class RunOptions
{
    /// <summary>
    /// Seconds that a lease lasts. It is renewed every third of it; a run whose lease is not renewed in time can be taken over
    /// by another host. Default 30.
    /// </summary>
    [Bounds(2, 3600, "seconds")]
    public int LeaseSeconds { get; set; } = 30;

    /// <summary>Whether a run applies pending migrations first. Default true.</summary>
    public bool Migrate { get; set; } = true;

    /// <summary>Earlier published runs whose tables are kept, detached from <c>staging</c>. Default 2.</summary>
    [Bounds(0, 30, "runs")]
    public int KeepRuns { get; set; } = 2;

    /// <summary>
    /// Seconds before the host's deadline at which a run stops, rolls back and notifies. Only hosts with a time limit have a
    /// deadline. Default 20.
    /// </summary>
    [Bounds(2, 300, "seconds")]
    public int DeadlineMarginSeconds { get; set; } = 20;

    /// <summary>
    /// How often a step is repeated after a transient error of the database, the source or the lake. The first pause is one
    /// second and each next one is twice as long: the default 4 covers about 15 seconds, a restart of the server.
    /// </summary>
    [Bounds(0, 10)]
    public int Retries { get; set; } = 4;

    /// <summary>
    /// Longest time in seconds that a start spends on sending messages. The next start sends what is left. Default 20.
    /// </summary>
    [Bounds(1, 120, "seconds")]
    public int NotifySeconds { get; set; } = 20;

    /// <summary>
    /// What a start does if the day is published and its files were delivered again and differ. Default
    /// <see cref="RedeliveryPolicy.Notify"/>.
    /// </summary>
    public RedeliveryPolicy OnRedelivery { get; set; } = RedeliveryPolicy.Notify;

    /// <summary>
    /// Connections that load the parts of a dataset at the same time. With 0, the default, a run loads them one after another.
    /// From 1 on parts are claimed, so that further processes can help: <c>etl load</c>. Only for datasets whose parts are
    /// several files.
    /// </summary>
    [Bounds(0, 64, "connections")]
    public int Loaders { get; set; }

    /// <summary>Whether the parts of a dataset are claimed.</summary>
    /// <param name="parts">Number of its files.</param>
    public bool SharesParts(int parts) => Loaders > 0 && parts > 1;

    /// <summary>
    /// Whether a run whose process on this machine no longer exists is taken over at once, without waiting for its lease to
    /// end. Default true; the Lambda host sets it to false, because its machines share one identity.
    /// </summary>
    public bool TakeOverGoneProcesses { get; set; } = true;
}

/// <summary>What a start does about files of a published day that differ from the published ones.</summary>
public enum RedeliveryPolicy
{
    /// <summary>The start reports them, and sends one message about each delivery.</summary>
    Notify,

    /// <summary>The start runs the day again, once for each delivery.</summary>
    Rerun,

    /// <summary>The start does not read the source.</summary>
    Ignore,
}
