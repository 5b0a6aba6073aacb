using Etl.Application.Errors;
using Etl.Application.Runs;
using MediatR;

namespace Etl.Application.Steps;

/// <summary>Fourth in the order: the ledger knows of a step before it begins, and how it ended.</summary>
internal sealed class LedgerBehavior<TRequest, TResult>(IRunJournal journal, TimeProvider clock)
    : IPipelineBehavior<TRequest, TResult>
    where TRequest : IStepCommand<TResult>
    where TResult : IStepResult
{
    public async Task<TResult> Handle(
        TRequest request,
        CancellationToken cancellationToken,
        RequestHandlerDelegate<TResult> next
    )
    {
        var begun = new StepRecord(request.Step, request.Attempt, clock.GetUtcNow(), null, null, null);
        await journal.RecordStepAsync(request.Run, begun, cancellationToken);
        try
        {
            var result = await next();
            await EndAsync(begun, succeeded: true, result.Detail);
            return result;
        }
        catch (Exception exception)
        {
            await TryEndAsync(begun, exception);
            throw;
        }

        Task EndAsync(StepRecord step, bool succeeded, string detail) =>
            journal.RecordStepAsync(
                request.Run,
                step with
                {
                    FinishedAt = clock.GetUtcNow(),
                    Succeeded = succeeded,
                    Detail = detail,
                },
                CancellationToken.None
            );

        // The exception itself matters more than its record: with the database gone the step's row stays open.
        async Task TryEndAsync(StepRecord step, Exception exception)
        {
            try
            {
                await EndAsync(
                    step,
                    succeeded: false,
                    (exception as EtlException)?.Error.Message ?? exception.GetType().Name
                );
            }
            catch (EtlException) { }
        }
    }
}
