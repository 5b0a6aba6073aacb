using Etl.Application.Runs;
using MediatR;

namespace Etl.Application.Steps;

/// <summary>Second in the order: shows that a step begins and how it ended, with what people should know.</summary>
internal sealed class LoggingBehavior<TRequest, TResult>(IRunObserver observer, TimeProvider clock)
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
        var begun = clock.GetTimestamp();
        observer.StepStarted(request.Run, request.Step);
        var result = await next();
        foreach (var warning in result.Warnings)
        {
            observer.Remarked(request.Run, warning);
        }

        observer.StepEnded(request.Run, request.Step, clock.GetElapsedTime(begun), result.Detail);
        return result;
    }
}
