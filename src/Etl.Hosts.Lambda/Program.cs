using System.Runtime.InteropServices;
using Etl.Application.Errors;
using Etl.Hosts.Lambda;
using Etl.Hosts.Lambda.RuntimeApi;
using Microsoft.Extensions.DependencyInjection;

if (Environment.GetEnvironmentVariable("AWS_LAMBDA_RUNTIME_API") is not { Length: > 0 } endpoint)
{
    await Console.Error.WriteLineAsync(
        "The Lambda host requires AWS_LAMBDA_RUNTIME_API, which AWS Lambda sets. Outside Lambda, use `etl run`."
    );
    return ErrorCode.Configuration.ExitCode();
}

using var client = new RuntimeClient(endpoint, TimeProvider.System);
using var stopping = new CancellationTokenSource();
using var onTerminate = PosixSignalRegistration.Create(
    PosixSignal.SIGTERM,
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
catch (Exception exception)
{
    // The message of any other exception can contain secrets, so only its type is reported.
    var error = (exception as EtlException)?.Error;
    var code = error?.Code ?? ErrorCode.Internal;
    var message = error is null
        ? $"The host could not start ({exception.GetType().Name})."
        : $"{error.Message}\n{error.NextStep}";
    await Console.Error.WriteLineAsync(message);
    await client.FailToStartAsync(code.Text(), message, CancellationToken.None);
    return code.ExitCode();
}

await new RuntimeLoop(client).RunAsync(host.HandleAsync, stopping.Token);
return 0;
