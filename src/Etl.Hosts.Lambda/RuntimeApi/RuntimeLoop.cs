namespace Etl.Hosts.Lambda.RuntimeApi;

/// <summary>Handles invocations one by one; the process stays warm between them.</summary>
internal sealed class RuntimeLoop(RuntimeClient client)
{
    /// <summary>The environment variable with the trace header of the current invocation.</summary>
    public const string TraceVariable = "_X_AMZN_TRACE_ID";

    /// <summary>Runs until it is stopped.</summary>
    /// <param name="handler">Returns the JSON response; an <see cref="InvocationException"/> fails the invocation.</param>
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
            catch (InvocationException exception)
            {
                await client.FailAsync(
                    invocation.AwsRequestId,
                    exception.ErrorType,
                    exception.Message,
                    CancellationToken.None
                );
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

/// <summary>Fails an invocation with a stable error type.</summary>
internal sealed class InvocationException(string errorType, string message) : Exception(message)
{
    /// <summary>The code of the cause.</summary>
    public string ErrorType { get; } = errorType;
}
