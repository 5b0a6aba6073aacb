using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>Prepares the process before its first invocation.</summary>
/// <returns>Whether to ask for invocations.</returns>
internal delegate Task<bool> LambdaBootstrapInitializer();

/// <summary>Builds a <see cref="LambdaBootstrap"/>.</summary>
internal sealed class LambdaBootstrapBuilder
{
    private readonly Func<Stream, ILambdaContext, Task<Stream>> handler;
    private LambdaBootstrapInitializer? initializer;

    private LambdaBootstrapBuilder(Func<Stream, ILambdaContext, Task<Stream>> handler) => this.handler = handler;

    /// <param name="handler">Returns the JSON response; an exception fails the invocation and is reported.</param>
    public static LambdaBootstrapBuilder Create(Func<Stream, ILambdaContext, Task<Stream>> handler) => new(handler);

    /// <param name="lambdaBootstrapInitializer">Runs first; an exception is reported and thrown.</param>
    public LambdaBootstrapBuilder UseBootstrapHandler(LambdaBootstrapInitializer lambdaBootstrapInitializer)
    {
        initializer = lambdaBootstrapInitializer;
        return this;
    }

    /// <summary>For the Runtime API that <c>AWS_LAMBDA_RUNTIME_API</c> names.</summary>
    public LambdaBootstrap Build()
    {
        var endpoint = Environment.GetEnvironmentVariable("AWS_LAMBDA_RUNTIME_API")!;
        return new LambdaBootstrap(new RuntimeApiClient(endpoint, TimeProvider.System), handler, initializer);
    }
}

/// <summary>Handles invocations one by one; the process stays warm between them.</summary>
internal sealed class LambdaBootstrap(
    RuntimeApiClient client,
    Func<Stream, ILambdaContext, Task<Stream>> handler,
    LambdaBootstrapInitializer? initializer
) : IDisposable
{
    private const string TraceVariable = "_X_AMZN_TRACE_ID";

    /// <summary>Runs until it is stopped between two invocations.</summary>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        if (initializer is not null && !await InitializeAsync(initializer))
        {
            return;
        }

        while (!cancellationToken.IsCancellationRequested)
        {
            if (await NextAsync(cancellationToken) is not { } invocation)
            {
                return;
            }

            Environment.SetEnvironmentVariable(TraceVariable, invocation.TraceId);
            try
            {
                using var input = new MemoryStream(invocation.Payload, writable: false);
                await using var output = await handler(input, invocation);
                await client.RespondAsync(invocation.AwsRequestId, output, CancellationToken.None);
            }
            catch (Exception exception)
            {
                await client.FailAsync(invocation.AwsRequestId, FunctionError.Of(exception), CancellationToken.None);
            }
        }
    }

    public void Dispose() => client.Dispose();

    private async Task<bool> InitializeAsync(LambdaBootstrapInitializer initialize)
    {
        try
        {
            return await initialize();
        }
        catch (Exception exception)
        {
            await client.FailToStartAsync(FunctionError.Of(exception), CancellationToken.None);
            throw;
        }
    }

    private async Task<LambdaContext?> NextAsync(CancellationToken cancellationToken)
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
