namespace Etl.Domain.Runs;

/// <summary>A run as the ledger records it. All timestamps are UTC.</summary>
public sealed class Run
{
    /// <summary>For the ledger alone, which reads a recorded run property by property.</summary>
    internal Run() { }

    /// <summary>A run that starts.</summary>
    public Run(RunId id, DateOnly asOf, Trigger trigger, bool forced, DateTimeOffset startedAt, RunId? baseRun = null)
    {
        RunId = id.ToString();
        BusinessDate = id.BusinessDate.Value;
        Number = id.Number;
        AsOf = asOf;
        Trigger = trigger;
        Forced = forced;
        StartedAt = startedAt;
        BaseRunId = baseRun?.ToString();
    }

    /// <summary>The run's ID, as <see cref="Runs.RunId"/> writes it.</summary>
    public string RunId { get; internal set; } = "";

    /// <summary>The run's day.</summary>
    public DateOnly BusinessDate { get; internal set; }

    /// <summary>The run's number on its day.</summary>
    public int Number { get; internal set; }

    /// <summary>The day that ages are counted to.</summary>
    public DateOnly AsOf { get; internal set; }

    /// <summary>What started it.</summary>
    public Trigger Trigger { get; internal set; }

    /// <summary>Whether it may replace a succeeded run of the same day.</summary>
    public bool Forced { get; internal set; }

    /// <summary>The run whose published rows a replay builds on, or a rollback restores; otherwise null.</summary>
    public string? BaseRunId { get; internal set; }

    /// <summary>The datasets that may have fewer rows than on the previous business date, as a person accepted.</summary>
    public IReadOnlyList<string> AcceptedShrunk { get; internal set; } = [];

    /// <summary>Its state.</summary>
    public RunStatus Status { get; internal set; } = RunStatus.Running;

    /// <summary>When it started; a take-over does not change it.</summary>
    public DateTimeOffset StartedAt { get; internal set; }

    /// <summary>When its rows became visible, or null.</summary>
    public DateTimeOffset? PublishedAt { get; internal set; }

    /// <summary>When its manifest was written, or null.</summary>
    public DateTimeOffset? ExportedAt { get; internal set; }

    /// <summary>The lake that its export belongs to, or null if it is not known.</summary>
    public string? LakeUri { get; internal set; }

    /// <summary>When it ended, or null.</summary>
    public DateTimeOffset? FinishedAt { get; internal set; }

    /// <summary>Attempts: 1, and one more for each take-over.</summary>
    public int Attempts { get; internal set; } = 1;

    /// <summary>Stable code of the error, or null.</summary>
    public string? ErrorCode { get; internal set; }

    /// <summary>The error in one line, or null.</summary>
    public string? ErrorMessage { get; internal set; }

    /// <summary>The next step after the error, or null.</summary>
    public string? ErrorNextStep { get; internal set; }

    /// <summary>The process that holds the lease, or null.</summary>
    public string? LeaseOwner { get; internal set; }

    /// <summary>When the lease ends, by the database's clock, or null.</summary>
    public DateTimeOffset? LeaseUntil { get; internal set; }

    /// <summary>The run's ID.</summary>
    public RunId Id => Runs.RunId.Parse(RunId);

    /// <summary>Whether its rows are or were visible to readers.</summary>
    public bool WasPublished => Status is RunStatus.Succeeded or RunStatus.Superseded or RunStatus.RolledBack;

    /// <summary>Whether it restores the rows of an earlier run.</summary>
    public bool IsRollback => Trigger == Trigger.Rollback;

    /// <summary>Whether it is published and its export or message is missing.</summary>
    public bool IsUnfinished => Status == RunStatus.Succeeded && FinishedAt is null;

    /// <summary>Whether it is published and its export is missing.</summary>
    public bool IsExportPending => Status == RunStatus.Succeeded && ExportedAt is null;

    /// <summary>Whether its export belongs to another lake than the given one.</summary>
    public bool BelongsToOther(string? lakeUri) => LakeUri is not null && lakeUri is not null && LakeUri != lakeUri;

    /// <summary>Sets the lake of a run that is not published.</summary>
    public void ExportTo(string? lakeUri) => LakeUri = lakeUri;

    /// <summary>Leases the run to a process.</summary>
    public void Lease(string owner, DateTimeOffset until) => (LeaseOwner, LeaseUntil) = (owner, until);

    /// <summary>Leases an abandoned run to another process, with the as-of date of its request.</summary>
    public void TakeOver(string owner, DateTimeOffset until, DateOnly asOf)
    {
        Lease(owner, until);
        AsOf = asOf;
        Attempts++;
    }

    /// <summary>Accepts that datasets have fewer rows than on the previous business date, for this run only.</summary>
    public void AcceptShrunk(IEnumerable<string> datasets) =>
        AcceptedShrunk = [.. AcceptedShrunk.Union(datasets).Order(StringComparer.Ordinal)];

    /// <summary>Ends the lease.</summary>
    public void Release() => (LeaseOwner, LeaseUntil) = (null, null);

    /// <summary>Records that readers see the rows.</summary>
    public void Publish(DateTimeOffset at)
    {
        Status = RunTransitions.Move(Status, RunStatus.Succeeded);
        PublishedAt = at;
        (ErrorCode, ErrorMessage, ErrorNextStep) = (null, null, null);
    }

    /// <summary>Records that a later run of the same day has replaced the rows.</summary>
    public void Supersede() => Status = RunTransitions.Move(Status, RunStatus.Superseded);

    /// <summary>Records that the manifest is written.</summary>
    public void Export(DateTimeOffset at) => ExportedAt = at;

    /// <summary>Ends the run and its lease.</summary>
    public void Finish(DateTimeOffset at) => (FinishedAt, LeaseOwner, LeaseUntil) = (at, null, null);

    /// <summary>Ends the run, which was not published, with an error.</summary>
    public void End(RunStatus status, string code, string message, string nextStep, DateTimeOffset at)
    {
        Status = RunTransitions.Move(Status, status);
        (ErrorCode, ErrorMessage, ErrorNextStep) = (code, message, nextStep);
        Finish(at);
    }

    /// <summary>Records an error after the publish and ends the lease; the next start finishes the run.</summary>
    public void Interrupt(string code, string message, string nextStep)
    {
        (ErrorCode, ErrorMessage, ErrorNextStep) = (code, message, nextStep);
        Release();
    }
}
