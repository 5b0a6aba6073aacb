namespace Etl.Hosts.Lambda.RuntimeApi;

/// <summary>One invocation, as the Runtime API hands it out.</summary>
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
