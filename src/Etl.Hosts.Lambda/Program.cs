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

Func<byte[], ILambdaContext, CancellationToken, Task<string>> handler;
try
{
    handler = args switch
    {
        [RelayHost.Argument, .. var options] => RelayHost.Build(options).HandleAsync,
        [] or [['-', '-', ..], ..] => LambdaHost.Build(args).Services.GetRequiredService<LambdaHost>().HandleAsync,
        _ => throw new EtlException(
            ErrorCode.Configuration,
            "The first argument of the Lambda host is unknown.",
            $"Start it without an argument for runs, or with `{RelayHost.Argument}`; correct the command of the image."
        ),
    };
}
catch (Exception exception)
{
    var error = (exception as EtlException)?.Error;
    var report = error is null
        ? FunctionError.Of(exception)
        : FunctionError.Of(new InvocationException($"{error.Code}", $"{error.Message}\n{error.NextStep}"));
    await Console.Error.WriteLineAsync(error is null ? exception.ToString() : report.Message);
    await client.FailToStartAsync(report, CancellationToken.None);
    return (error?.Code ?? ErrorCode.Internal).ExitCode();
}

await new RuntimeLoop(client).RunAsync(handler, stopping.Token);
return 0;
