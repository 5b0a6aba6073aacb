using System.Globalization;
using Etl.Application.Runs;
using Etl.Application.Steps;
using Etl.Domain.Runs;
using MediatR;

namespace Etl.Application.Publish;

/// <summary>Makes the tested rows and analytics of a run visible to readers, in one transaction.</summary>
/// <param name="Run">The run.</param>
/// <param name="Attempt">The run's attempt, from 1.</param>
public sealed record PublishCommand(RunId Run, int Attempt) : IStepCommand<PublishResult>
{
    RunId? IStepCommand.Run => Run;

    /// <inheritdoc/>
    public Step Step => Step.Publish;
}

/// <summary>The published run.</summary>
/// <param name="Duration">The duration of the transaction that made it visible.</param>
public sealed record PublishResult(TimeSpan Duration) : IStepResult
{
    /// <inheritdoc/>
    public string Detail =>
        string.Create(CultureInfo.InvariantCulture, $"published in {Duration.TotalMilliseconds:0} ms");

    /// <inheritdoc/>
    public IReadOnlyList<RunWarning> Warnings => [];
}

internal sealed class PublishHandler(IPublisher publisher) : IRequestHandler<PublishCommand, PublishResult>
{
    public async Task<PublishResult> Handle(PublishCommand request, CancellationToken cancellationToken) =>
        new(await publisher.PublishAsync(request.Run, cancellationToken));
}
