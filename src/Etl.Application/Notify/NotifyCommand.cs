using Etl.Application.Runs;
using Etl.Application.Steps;
using Etl.Domain.Runs;
using FluentValidation;

namespace Etl.Application.Notify;

/// <summary>Sends messages: all of them leave through this command.</summary>
/// <param name="Run">
/// The run that ended: its message is queued in the ledger and sent with all pending ones. Null for <see cref="OfStart"/>,
/// <see cref="Direct"/> and <see cref="Pending"/>.
/// </param>
/// <param name="Attempt">The run's attempt, from 1.</param>
/// <param name="Summary">How the run ended; null for <see cref="Pending"/>.</param>
public sealed record NotifyCommand(RunId? Run, int Attempt, RunSummary? Summary) : IStepCommand<NotifyResult>
{
    /// <summary>Sends the pending messages of earlier runs only.</summary>
    public static NotifyCommand Pending { get; } = new(null, 1, null);

    /// <inheritdoc/>
    public Step Step => Step.Notify;

    /// <summary>Whether the ledger cannot store the message.</summary>
    public bool IsDirect { get; private init; }

    /// <summary>Whether the messages are queued only, because another day was requested: its run sends them at its end.</summary>
    public bool IsSentLater { get; init; }

    /// <summary>Sends the message of a start that ended before a run was leased.</summary>
    public static NotifyCommand OfStart(RunSummary summary) => new(null, 1, summary);

    /// <summary>The files of a published day that were delivered again; null for none.</summary>
    public Redelivery? Redelivery { get; private init; }

    /// <summary>The published run of <see cref="Redelivery"/>.</summary>
    public Run? Published { get; private init; }

    /// <summary>Sends a message about files that were delivered again, once for each delivery.</summary>
    public static NotifyCommand OfRedelivery(Redelivery redelivery, Run published) =>
        Pending with
        {
            Redelivery = redelivery,
            Published = published,
        };

    /// <summary>Sends a message once, without the ledger.</summary>
    public static NotifyCommand Direct(RunSummary summary) => new(null, 1, summary) { IsDirect = true };
}

/// <summary>The sent messages.</summary>
/// <param name="Sent">Number of messages that at least one notifier sent.</param>
/// <param name="By">The names of the notifiers that sent one, in the order of the host's notifiers.</param>
/// <param name="Warnings">A warning for each message and each notifier that did not send it.</param>
public sealed record NotifyResult(int Sent, IReadOnlyList<string> By, IReadOnlyList<RunWarning> Warnings) : IStepResult
{
    /// <summary>The messages are queued and will be sent by the run of the requested day.</summary>
    public static NotifyResult Later { get; } = new(0, [], []) { IsLater = true };

    private bool IsLater { get; init; }

    /// <inheritdoc/>
    public string Detail =>
        IsLater ? "queued; sent after the requested day"
        : Warnings.Count == 0 ? SentText
        : $"{SentText}, {Warnings.Count} not sent";

    private string SentText =>
        $"{Counted.Of(Sent, "message")} sent{(By.Count > 1 ? $" by {string.Join(", ", By)}" : "")}";
}

internal sealed class NotifyValidator : StepValidator<NotifyCommand>
{
    public NotifyValidator() =>
        RuleFor(c => c.Summary)
            .Must(s => s is not { Status: SummaryStatus.AlreadyDone or SummaryStatus.InProgress })
            .WithMessage("Only a run that was worked on has a message.");
}
