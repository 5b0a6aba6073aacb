namespace Etl.Domain.Runs;

/// <summary>A run as the ledger keeps it. All moments are UTC.</summary>
public sealed class Run
{
    private Run() { }

    /// <summary>Begins a run.</summary>
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

    /// <summary>A run that was kept, as it was.</summary>
    public static Run Restore(RunState kept) =>
        new()
        {
            RunId = kept.Id.ToString(),
            BusinessDate = kept.Id.BusinessDate.Value,
            Number = kept.Id.Number,
            AsOf = kept.AsOf,
            Trigger = kept.Trigger,
            Forced = kept.Forced,
            BaseRunId = kept.BaseRunId,
            Status = kept.Status,
            StartedAt = kept.StartedAt,
            PublishedAt = kept.PublishedAt,
            ExportedAt = kept.ExportedAt,
            FinishedAt = kept.FinishedAt,
            Attempts = kept.Attempts,
            ErrorCode = kept.ErrorCode,
            ErrorMessage = kept.ErrorMessage,
            ErrorNextStep = kept.ErrorNextStep,
            LeaseOwner = kept.LeaseOwner,
            LeaseUntil = kept.LeaseUntil,
        };

    /// <summary>The run's name, as <see cref="Runs.RunId"/> writes it.</summary>
    public string RunId { get; private set; } = "";

    /// <summary>The run's day.</summary>
    public DateOnly BusinessDate { get; private set; }

    /// <summary>The run's number on its day.</summary>
    public int Number { get; private set; }

    /// <summary>The day that ages are counted to.</summary>
    public DateOnly AsOf { get; private set; }

    /// <summary>What started it.</summary>
    public Trigger Trigger { get; private set; }

    /// <summary>Whether it was told to replace a succeeded run of the same day.</summary>
    public bool Forced { get; private set; }

    /// <summary>The run whose published rows a replay builds on, or null.</summary>
    public string? BaseRunId { get; private set; }

    /// <summary>Where it stands.</summary>
    public RunStatus Status { get; private set; } = RunStatus.Running;

    /// <summary>When it began; a take-over does not change it.</summary>
    public DateTimeOffset StartedAt { get; private set; }

    /// <summary>When its rows became visible, or null.</summary>
    public DateTimeOffset? PublishedAt { get; private set; }

    /// <summary>When its manifest was written, or null.</summary>
    public DateTimeOffset? ExportedAt { get; private set; }

    /// <summary>When it ended, in whatever way, or null.</summary>
    public DateTimeOffset? FinishedAt { get; private set; }

    /// <summary>How often a host has worked on it: 1, and one more for each take-over.</summary>
    public int Attempts { get; private set; } = 1;

    /// <summary>Stable code of the exception, or null.</summary>
    public string? ErrorCode { get; private set; }

    /// <summary>The exception in one readable line, or null.</summary>
    public string? ErrorMessage { get; private set; }

    /// <summary>What to do about it, or null.</summary>
    public string? ErrorNextStep { get; private set; }

    /// <summary>Who works on it, or null when nobody does.</summary>
    public string? LeaseOwner { get; private set; }

    /// <summary>Until when the owner is believed to be alive, by the database's clock.</summary>
    public DateTimeOffset? LeaseUntil { get; private set; }

    /// <summary>The run's name.</summary>
    public RunId Id => Runs.RunId.Parse(RunId);

    /// <summary>Published, and something of export and message is still to be done.</summary>
    public bool IsUnfinished => Status == RunStatus.Succeeded && FinishedAt is null;

    /// <summary>Gives the run to a worker.</summary>
    public void Lease(string owner, DateTimeOffset until) => (LeaseOwner, LeaseUntil) = (owner, until);

    /// <summary>Gives a dead worker's run to another; before the publish it follows the new request's as-of date.</summary>
    public void TakeOver(string owner, DateTimeOffset until, DateOnly asOf)
    {
        Lease(owner, until);
        AsOf = asOf;
        Attempts++;
    }

    /// <summary>Nobody works on it any more.</summary>
    public void Release() => (LeaseOwner, LeaseUntil) = (null, null);

    /// <summary>Readers see the rows from here on.</summary>
    public void Publish(DateTimeOffset at)
    {
        Status = RunTransitions.Move(Status, RunStatus.Succeeded);
        PublishedAt = at;
        (ErrorCode, ErrorMessage, ErrorNextStep) = (null, null, null);
    }

    /// <summary>A later run of the same day has replaced the rows.</summary>
    public void Supersede() => Status = RunTransitions.Move(Status, RunStatus.Superseded);

    /// <summary>The manifest is written.</summary>
    public void Export(DateTimeOffset at) => ExportedAt = at;

    /// <summary>Nothing is left to do.</summary>
    public void Finish(DateTimeOffset at) => (FinishedAt, LeaseOwner, LeaseUntil) = (at, null, null);

    /// <summary>Ends the run without a publish.</summary>
    public void End(RunStatus status, string code, string message, string nextStep, DateTimeOffset at)
    {
        Status = RunTransitions.Move(Status, status);
        (ErrorCode, ErrorMessage, ErrorNextStep) = (code, message, nextStep);
        Finish(at);
    }

    /// <summary>Notes a exception after the publish and lets go of the run; the next start finishes it.</summary>
    public void Interrupt(string code, string message, string nextStep)
    {
        (ErrorCode, ErrorMessage, ErrorNextStep) = (code, message, nextStep);
        Release();
    }
}
