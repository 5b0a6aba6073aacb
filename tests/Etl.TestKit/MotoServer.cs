using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Etl.TestKit;

/// <summary>
/// Emulates S3, SNS and SQS on loopback. The first test that needs it starts it, and it ends with the test process. Each test
/// creates its own buckets and topics. If moto is not installed, tests are skipped, or fail if <c>CI</c> is <c>true</c>.
/// </summary>
public sealed class MotoServer : IAsyncLifetime
{
    private static readonly string[] Programs = ["moto_server", "python3 -m moto.server"];
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim turn = new(1);
    private Process? process;
    private Uri? endpoint;
    private string? missing;

    /// <inheritdoc/>
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Its address; without moto the test is skipped or fails.</summary>
    public async Task<Uri> EndpointAsync()
    {
        await turn.WaitAsync();
        try
        {
            if (endpoint is null && missing is null)
            {
                await StartAsync();
            }
        }
        finally
        {
            turn.Release();
        }

        if (missing is not null && !PostgresServer.IsRequired)
        {
            Assert.Skip(missing);
        }

        return endpoint ?? throw new InvalidOperationException(missing);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            process.StandardInput.Close();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        turn.Dispose();
    }

    private async Task StartAsync()
    {
        foreach (var program in Programs)
        {
            var port = FreePort();
            var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
            var started = Start(program, port);
            if (await AnswersAsync(address, started))
            {
                (process, endpoint) = (started, address);
                return;
            }

            started.StandardInput.Close();
            started.Dispose();
        }

        missing = "moto, which stands in for S3 and SNS, is not there: apt-get install python3-moto.";
    }

    /// <summary>The shell stops the server when its input ends, so that a killed test process leaves no server.</summary>
    private static Process Start(string program, int port)
    {
        var script = string.Create(
            CultureInfo.InvariantCulture,
            $"{program} --help >/dev/null 2>&1 || exit 1; {program} -H 127.0.0.1 -p {port} >/dev/null 2>&1 </dev/null & read _; kill $!"
        );
        return Process.Start(
            new ProcessStartInfo("sh")
            {
                ArgumentList = { "-c", script },
                RedirectStandardInput = true,
                UseShellExecute = false,
            }
        )!;
    }

    private static async Task<bool> AnswersAsync(Uri address, Process started)
    {
        using var client = new HttpClient();
        var begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun) < Longest && !started.HasExited)
        {
            try
            {
                using var answer = await client.GetAsync(new Uri(address, "moto-api/data.json"));
                return answer.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                await Task.Yield();
            }
        }

        return false;
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
