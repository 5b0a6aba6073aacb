using System.Runtime.InteropServices;
using System.Text;
using Amazon.Lambda.Core;
using Amazon.Lambda.RuntimeSupport;
using Etl.Application.Errors;
using Etl.Hosts.Lambda;
using Etl.Hosts.Lambda.Errors;
using Microsoft.Extensions.DependencyInjection;

if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("AWS_LAMBDA_RUNTIME_API")))
{
    await Console.Error.WriteLineAsync(
        "The Lambda host requires AWS_LAMBDA_RUNTIME_API, which AWS Lambda sets. Outside Lambda, use `etl run`."
    );
    return ErrorCode.Configuration.ExitCode();
}

using var stopping = new CancellationTokenSource();
using var onTerminate = PosixSignalRegistration.Create(
    PosixSignal.SIGTERM,
    signal =>
    {
        signal.Cancel = true;
        stopping.Cancel();
    }
);

Func<byte[], ILambdaContext, CancellationToken, Task<string>>? function = null;
using var bootstrap = LambdaBootstrapBuilder
    .Create(
        async (Stream input, ILambdaContext context) =>
        {
            using var payload = new MemoryStream();
            await input.CopyToAsync(payload);
            var answer = await function!(payload.ToArray(), context, stopping.Token);
            return (Stream)new MemoryStream(Encoding.UTF8.GetBytes(answer));
        }
    )
    .UseBootstrapHandler(() =>
    {
        function = Build(args);
        return Task.FromResult(true);
    })
    .Build();
try
{
    await bootstrap.RunAsync(stopping.Token);
    return 0;
}
catch (InvocationException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return exception.Code.ExitCode();
}
catch (Exception exception)
{
    await Console.Error.WriteLineAsync(exception.ToString());
    return ErrorCode.Internal.ExitCode();
}

static Func<byte[], ILambdaContext, CancellationToken, Task<string>> Build(string[] args)
{
    try
    {
        return args switch
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
    catch (EtlException exception)
    {
        throw new InvocationException(exception.Error.Code, $"{exception.Message}\n{exception.Error.NextStep}");
    }
}
