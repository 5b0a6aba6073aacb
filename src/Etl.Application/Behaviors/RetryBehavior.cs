using Etl.Application.Pipeline;
using MediatR;

namespace Etl.Application.Behaviors;

/// <summary>Third in the order: a step that failed by a passing fault is done again, as an execution of its own.</summary>
internal sealed class RetryBehavior<TRequest, TResult>(Retrying retrying) : IPipelineBehavior<TRequest, TResult>
    where TRequest : IStepCommand<TResult>
    where TResult : IStepResult
{
    public Task<TResult> Handle(
        TRequest request,
        CancellationToken cancellationToken,
        RequestHandlerDelegate<TResult> next
    ) => retrying.DoAsync(request.Run, () => next(), cancellationToken);
}
