using MediatR;

namespace Etl.Application.Steps;

/// <summary>Third in the order: a step that failed by a passing exception is done again, as an execution of its own.</summary>
internal sealed class RetryBehavior<TRequest, TResult>(RetryPolicy retrying) : IPipelineBehavior<TRequest, TResult>
    where TRequest : IStepCommand<TResult>
    where TResult : IStepResult
{
    public Task<TResult> Handle(
        TRequest request,
        CancellationToken cancellationToken,
        RequestHandlerDelegate<TResult> next
    ) => retrying.DoAsync(request.Run, () => next(), cancellationToken);
}
