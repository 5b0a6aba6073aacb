using System.Diagnostics;
using System.Text.Json;
using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Shouldly;

namespace Etl.IntegrationTests.Lambda;

/// <summary>The Lambda host as the platform starts it: a process with its environment, behind a Runtime API.</summary>
internal sealed class LambdaProcess : IAsyncDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private readonly RuntimeApiServer api = new RuntimeApiServer();
    private readonly Process process;
    private readonly Task<string> output;
    private readonly Task<string> error;

    private LambdaProcess(IEnumerable<string> command, IEnumerable<(string Name, string Value)> settings)
    {
        var start = new ProcessStartInfo(command.First(), command.Skip(1))
        {
            WorkingDirectory = Path.GetTempPath(),
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (
            var name in start.Environment.Keys.Where(n => n.StartsWith("ETL__", StringComparison.Ordinal)).ToList()
        )
        {
            start.Environment.Remove(name);
        }

        start.Environment["AWS_LAMBDA_RUNTIME_API"] = api.Endpoint;
        foreach (var (name, value) in CitusCluster.EnvironmentOf(settings.Select(s => s.Value)))
        {
            start.Environment[name] = value;
        }

        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        process = Process.Start(start)!;
        output = process.StandardOutput.ReadToEndAsync();
        error = process.StandardError.ReadToEndAsync();
    }

    public Process Process => process;

    /// <summary>With a workplace's source, lake and database, and what else is given.</summary>
    public static LambdaProcess Start(Workplace place, params (string Name, string Value)[] more) =>
        StartWith([
            ("ETL__SOURCE__URI", place.Source),
            ("ETL__LAKE__URI", place.Lake),
            ("ETL__POSTGRES__CONNECTIONSTRING", place.Connection),
            .. more,
        ]);

    /// <summary>With these settings alone.</summary>
    public static LambdaProcess StartWith(params (string Name, string Value)[] settings) =>
        StartAs(HostPrograms.Lambda, settings);

    /// <summary>With the argument of the relay.</summary>
    public static LambdaProcess StartRelay(params (string Name, string Value)[] settings) =>
        StartAs([.. HostPrograms.Lambda, "relay"], settings);

    /// <summary>By another command, which takes them from its environment.</summary>
    public static LambdaProcess StartAs(IReadOnlyList<string> command, params (string Name, string Value)[] settings) =>
        new(command, settings);

    /// <summary>Ends when the host has started, and asks for its first event.</summary>
    public Task ReadyAsync() => Task.WhenAny(api.Ready, process.WaitForExitAsync()).WaitAsync(Longest);

    /// <summary>The response to an event, or the error of a failed start.</summary>
    public async Task<RuntimeAnswer> InvokeAsync(string payload, TimeSpan? timeLimit = null, string? trace = null)
    {
        var answer = api.InvokeAsync(payload, timeLimit, trace);
        var first = await Task.WhenAny(answer, api.InitError, process.WaitForExitAsync()).WaitAsync(Longest);
        return first is Task<RuntimeAnswer> received
            ? await received
            : throw new InvalidOperationException($"The host ended: {await output}{await error}");
    }

    /// <summary>The summary in the response to an event that must succeed.</summary>
    public async Task<JsonElement> SucceedAsync(string payload)
    {
        var answer = await InvokeAsync(payload);
        answer.Succeeded.ShouldBeTrue(answer.Body);
        return JsonDocument.Parse(answer.Body).RootElement;
    }

    /// <summary>The error's message in the answer to an event that the host must fail.</summary>
    public async Task<string> FailAsync(string payload, string errorType, TimeSpan? timeLimit = null) =>
        ErrorOf(await InvokeAsync(payload, timeLimit), errorType);

    /// <summary>What a start that must fail said, and the process' exit code.</summary>
    public async Task<(string Message, int ExitCode)> FailToStartAsync(string errorType)
    {
        await Task.WhenAny(api.InitError, ReadyAsync()).WaitAsync(Longest);
        api.InitError.IsCompleted.ShouldBeTrue("The host started, or ended without a report.");

        return (ErrorOf(await api.InitError, errorType), (await EndAsync()).ExitCode);
    }

    /// <summary>Asks the process to end.</summary>
    public async Task TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>The type of an error; the package of AWS names the class of the exception.</summary>
    public static string TypeOf(string name) =>
#if AWS_PACKAGES
        "InvocationException";
#else
        $"Function.{name}";
#endif

    /// <summary>How the process ended.</summary>
    public async Task<(int ExitCode, string Out, string Error)> EndAsync()
    {
        using var timeout = new CancellationTokenSource(Longest);
        await process.WaitForExitAsync(timeout.Token);
        return (process.ExitCode, await output, await error);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        await EndAsync();
        process.Dispose();
        await api.DisposeAsync();
    }

    /// <summary>Asserts an error: the name of its type twice, a message, no stack trace.</summary>
    private static string ErrorOf(RuntimeAnswer answer, string errorType)
    {
        answer.Succeeded.ShouldBeFalse(answer.Body);
        var document = JsonDocument.Parse(answer.Body).RootElement;
        document.GetProperty("errorType").GetString().ShouldBe(TypeOf(errorType), answer.Body);
#if !AWS_PACKAGES
        answer.ErrorType.ShouldBe(TypeOf(errorType), answer.Body);
        document.GetProperty("stackTrace").GetArrayLength().ShouldBe(0);
#endif
        var message = document.GetProperty("errorMessage").GetString()!;
        message.ShouldNotContain("   at ");
        message.ShouldNotContain("Exception");
        return message;
    }
}
