using Etl.Application.Runs;
using Etl.Application.Stage;
using Etl.Domain.Runs;

namespace Etl.Application.Notify;

/// <summary>The content of a message.</summary>
/// <param name="Run">The run; null if none was started.</param>
/// <param name="Summary">How it ended.</param>
internal sealed record MessageFacts(RunId? Run, RunSummary Summary)
{
    /// <summary>Unsuccessful starts of the same day that no message has reported yet.</summary>
    public IReadOnlyList<FailedStarts> Repeats { get; init; } = [];

    /// <summary>The run that ended last before this one; null if there is none or it is unknown.</summary>
    public Run? LastEnded { get; init; }

    /// <summary>The previous published run, with which row counts are compared; or null.</summary>
    public RunHistory? Before { get; init; }

    /// <summary>Rejected rows by dataset and code, each with its first examples.</summary>
    public IReadOnlyList<RejectDigest> Rejects { get; init; } = [];

    public Outcome Outcome
    {
        get
        {
            if (Summary.Status != SummaryStatus.Succeeded)
            {
                return Outcome.Failure;
            }

            if (RecoveredFrom is not null || Summary.Interruption is not null || Repeats.Count > 0)
            {
                return Outcome.Recovered;
            }

            return Summary.Sources.Any(s => s.Rejected > 0) ? Outcome.SuccessWithRejects : Outcome.Success;
        }
    }

    /// <summary>The previous run if it did not succeed; otherwise null.</summary>
    public Run? RecoveredFrom =>
        LastEnded?.Status is RunStatus.Failed or RunStatus.TimedOut or RunStatus.Cancelled ? LastEnded : null;
}

/// <summary>Rejected rows of one dataset and code.</summary>
/// <param name="Count">Their number.</param>
/// <param name="First">The first ones, in file order.</param>
internal sealed record RejectDigest(RejectCount Count, IReadOnlyList<QuarantinedRow> First);
