using Etl.Application.Runs;
using Etl.Application.Steps;
using Etl.Domain.Runs;
using MediatR;

namespace Etl.Application.Publish;

/// <summary>Publishes the rows of an earlier run again, in one transaction: the publish step of a rollback.</summary>
/// <param name="Run">The run of the rollback.</param>
/// <param name="Attempt">Its attempt, from 1.</param>
/// <param name="To">The run whose rows readers shall see again.</param>
public sealed record RollbackCommand(RunId Run, int Attempt, RunId To) : IStepCommand<RollbackResult>
{
    RunId? IStepCommand.Run => Run;

    /// <inheritdoc/>
    public Step Step => Step.Publish;
}

/// <summary>The restored run.</summary>
/// <param name="Plan">What was undone.</param>
public sealed record RollbackResult(RollbackPlan Plan) : IStepResult
{
    /// <inheritdoc/>
    public string Detail => $"restored run {Plan.To}, took back {string.Join(", ", Plan.Undone)}";

    /// <inheritdoc/>
    public IReadOnlyList<RunWarning> Warnings =>
        [
            .. Plan
                .Undone.GroupBy(run => run.BusinessDate)
                .Select(day => new RunWarning(
                    RunWarningKind.Rollback,
                    $"{string.Join(", ", day)} {(day.Count() == 1 ? "was" : "were")} taken back. The day is run again only with "
                        + $"--force: etl run --date {day.Key} --force"
                )),
        ];
}

internal sealed class RollbackHandler(
    IRollback rollback,
    IRunHistory runs,
    IRunJournal journal,
    ExtensionFiles extensions
) : IRequestHandler<RollbackCommand, RollbackResult>
{
    public async Task<RollbackResult> Handle(RollbackCommand request, CancellationToken cancellationToken)
    {
        if (await runs.FindAsync(request.To, cancellationToken) is { } restored)
        {
            extensions.RequireSame(restored, "it cannot be restored", "roll back again");
        }

        await journal.RecordExtensionsAsync(request.Run, request.Attempt, extensions.All, cancellationToken);
        return new RollbackResult(await rollback.RollBackAsync(request.Run, request.To, cancellationToken));
    }
}
