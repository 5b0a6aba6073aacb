namespace Etl.Hosts.Lambda.RuntimeApi;

/// <summary>Handles invocations one by one; the process stays warm between them.</summary>
internal sealed class RuntimeLoop(RuntimeClient client)
{
    /// <summary>The environment variable with the trace header of the current invocation.</summary>
    public const string TraceVariable = "_X_AMZN_TRACE_ID";

    /// <summary>Runs until it is stopped.</summary>
    /// <param name="handler">Returns the JSON response; an exception fails the invocation and is reported.</param>
    /// <param name="cancellationToken">Stops between two invocations.</param>
    public async Task RunAsync(
        Func<byte[], ILambdaContext, CancellationToken, Task<string>> handler,
        CancellationToken cancellationToken
    )
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            if (await NextAsync(cancellationToken) is not { } invocation)
            {
                return;
            }

            Environment.SetEnvironmentVariable(TraceVariable, invocation.TraceId);
            try
            {
                var answer = await handler(invocation.Payload, invocation, cancellationToken);
                await client.RespondAsync(invocation.AwsRequestId, answer, CancellationToken.None);
            }
            catch (Exception exception)
            {
                await client.FailAsync(invocation.AwsRequestId, FunctionError.Of(exception), CancellationToken.None);
            }
        }
    }

    private async Task<Invocation?> NextAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await client.NextAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
