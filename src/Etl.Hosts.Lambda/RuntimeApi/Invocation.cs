namespace Etl.Hosts.Lambda.RuntimeApi;

/// <summary>The context of one invocation, with the names of Amazon.Lambda.Core.</summary>
internal interface ILambdaContext
{
    /// <summary>The ID of the invocation.</summary>
    string AwsRequestId { get; }

    /// <summary>The function that was invoked.</summary>
    string InvokedFunctionArn { get; }

    /// <summary>The time until Lambda ends the invocation.</summary>
    TimeSpan RemainingTime { get; }
}

/// <summary>One invocation, as the Runtime API delivers it.</summary>
internal sealed record Invocation(
    string AwsRequestId,
    string InvokedFunctionArn,
    string? TraceId,
    DateTimeOffset Deadline,
    byte[] Payload,
    TimeProvider Clock
) : ILambdaContext
{
    public TimeSpan RemainingTime => Deadline - Clock.GetUtcNow();
}
