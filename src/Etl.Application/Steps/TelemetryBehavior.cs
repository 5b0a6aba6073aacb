using MediatR;
using Microsoft.Extensions.Logging;

namespace Etl.Application.Steps;

/// <summary>Before all others: a step's span and duration, and its run on every line that is logged meanwhile.</summary>
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
        using var scope = log.BeginScope(new RunScope(request.Run, request.Step));
        using var span = Signals.StartStep(request.Run, request.Step, request.Attempt);
        var begun = clock.GetTimestamp();
        try
        {
            var result = await next();
            Signals.EndStep(span, request.Step, clock.GetElapsedTime(begun), exception: null);
            return result;
        }
        catch (Exception exception)
        {
            Signals.EndStep(span, request.Step, clock.GetElapsedTime(begun), exception);
            throw;
        }
    }
}
