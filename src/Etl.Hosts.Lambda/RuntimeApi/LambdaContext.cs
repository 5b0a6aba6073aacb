using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>One invocation, as the Runtime API delivers it.</summary>
internal sealed record LambdaContext(
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
