using Etl.Application.Errors;
using Etl.Hosts.Lambda;
using Etl.Hosts.Lambda.RuntimeApi;
using Microsoft.Extensions.DependencyInjection;

if (Environment.GetEnvironmentVariable("AWS_LAMBDA_RUNTIME_API") is not { Length: > 0 } endpoint)
{
    await Console.Error.WriteLineAsync(
        "This is the Lambda host: it needs the platform's AWS_LAMBDA_RUNTIME_API. On a machine of your own, use `etl run`."
    );
    return ErrorCode.Configuration.ExitCode();
}

using var client = new RuntimeClient(endpoint, TimeProvider.System);
using var stopping = new CancellationTokenSource();
using var onTerminate = System.Runtime.InteropServices.PosixSignalRegistration.Create(
    System.Runtime.InteropServices.PosixSignal.SIGTERM,
    signal =>
    {
        signal.Cancel = true;
        stopping.Cancel();
    }
);

LambdaHost host;
try
{
    host = LambdaHost.Build(args).Services.GetRequiredService<LambdaHost>();
}
catch (Exception fault)
{
    // The platform shows this one line; a fault that has no words of its own is named by its type.
    var error = (fault as EtlException)?.Error;
    await client.FailToStartAsync(
        (error?.Code ?? ErrorCode.Internal).Text(),
        error is null ? $"The host could not start ({fault.GetType().Name})." : $"{error.Message} {error.NextStep}",
        CancellationToken.None
    );
    return (error?.Code ?? ErrorCode.Internal).ExitCode();
}

await new RuntimeLoop(client).RunAsync(host.HandleAsync, stopping.Token);
return 0;
