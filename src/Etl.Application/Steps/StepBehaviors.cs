using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using FluentValidation;
using MediatR;
using Microsoft.Extensions.Logging;

namespace Etl.Application.Steps;

// The behaviors around each step, from the outermost to the innermost. ApplicationServices registers them in this order.

/// <summary>Adds the step's span and duration, and its run and step to every line that is logged meanwhile.</summary>
internal sealed class TelemetryBehavior<TRequest, TResult>(ILoggerFactory logs, TimeProvider clock)
    : IPipelineBehavior<TRequest, TResult>
    where TRequest : IStepCommand<TResult>
    where TResult : IStepResult
{
    private readonly ILogger log = logs.CreateLogger(Signals.Name);

    public async Task<TResult> Handle(
        TRequest request,
        CancellationToken cancellationToken,
        RequestHandlerDelegate<TResult> next
    )
    {
        using var scope = request.Run is { } run ? log.BeginScope(new RunScope(run, request.Step)) : null;
        using var span = Signals.StartStep(request);
        var started = clock.GetTimestamp();
        try
        {
            var result = await next();
            Signals.EndStep(span, request.Step, clock.GetElapsedTime(started), exception: null);
            return result;
        }
        catch (Exception exception)
        {
            Signals.EndStep(span, request.Step, clock.GetElapsedTime(started), exception);
            throw;
        }
    }
}

/// <summary>Reports start, end and warnings of the step to the host.</summary>
internal sealed class ProgressBehavior<TRequest, TResult>(IRunObserver observer, TimeProvider clock)
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
        if (request.Run is not { } run)
        {
            return await next();
        }

        var started = clock.GetTimestamp();
        observer.StepStarted(run, request.Step);
        var result = await next();
        foreach (var warning in result.Warnings)
        {
            observer.SummaryWarned(run, warning.Message);
        }

        observer.StepEnded(run, request.Step, clock.GetElapsedTime(started), result.Detail);
        return result;
    }
}

/// <summary>Repeats a step that failed with a transient error; each repetition has its own record in the ledger.</summary>
internal sealed class RetryBehavior<TRequest, TResult>(RetryPolicy retries) : IPipelineBehavior<TRequest, TResult>
    where TRequest : IStepCommand<TResult>
    where TResult : IStepResult
{
    public Task<TResult> Handle(
        TRequest request,
        CancellationToken cancellationToken,
        RequestHandlerDelegate<TResult> next
    ) => request.Run is { } run ? retries.DoAsync(run, () => next(), cancellationToken) : next();
}

/// <summary>Records the start of the step before it runs, and its end.</summary>
internal sealed class LedgerBehavior<TRequest, TResult>(
    IRunJournal journal,
    ILogger<LedgerBehavior<TRequest, TResult>> log,
    TimeProvider clock
) : IPipelineBehavior<TRequest, TResult>
    where TRequest : IStepCommand<TResult>
    where TResult : IStepResult
{
    public async Task<TResult> Handle(
        TRequest request,
        CancellationToken cancellationToken,
        RequestHandlerDelegate<TResult> next
    )
    {
        if (request.Run is not { } run)
        {
            return await next();
        }

        var started = new StepRecord(request.Step, request.Attempt, clock.GetUtcNow(), null, null, null);
        await journal.RecordStepAsync(run, started, cancellationToken);
        TResult result;
        try
        {
            result = await next();
        }
        catch (Exception exception)
        {
            var cause = (exception as EtlException)?.Error.Message ?? exception.GetType().Name;
            await RecordFailureAsync(run, Ended(started, succeeded: false, cause));
            throw;
        }

        await journal.RecordStepAsync(run, Ended(started, succeeded: true, result.Detail), CancellationToken.None);
        return result;
    }

    private StepRecord Ended(StepRecord step, bool succeeded, string detail) =>
        step with
        {
            FinishedAt = clock.GetUtcNow(),
            Succeeded = succeeded,
            Detail = detail,
        };

    /// <summary>Never replaces the step's own error: without a database the step's record stays open.</summary>
    private async Task RecordFailureAsync(RunId run, StepRecord step)
    {
        try
        {
            await journal.RecordStepAsync(run, step, CancellationToken.None);
        }
        catch (EtlException exception)
        {
            log.StepEndNotRecorded(exception, step.Step, run);
        }
    }
}

/// <summary>Rejects an invalid command before its handler runs.</summary>
internal sealed class ValidationBehavior<TRequest, TResult>(IEnumerable<IValidator<TRequest>> validators)
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
        foreach (var validator in validators)
        {
            var result = await validator.ValidateAsync(request, cancellationToken);
            if (!result.IsValid)
            {
                throw new EtlException(
                    ErrorCode.Usage,
                    string.Join(" ", result.Errors.Select(e => e.ErrorMessage)),
                    "Correct the command and run it again; nothing was changed."
                );
            }
        }

        return await next();
    }
}
