using System.Text.Json;
using Etl.Hosts.Console;
using Etl.Hosts.Console.Cli;

namespace Etl.UnitTests.Console;

/// <summary>The program in this process, with its output in memory.</summary>
internal sealed class Screen
{
    private readonly StringWriter output = new();
    private readonly StringWriter error = new();

    public string Out => output.ToString();

    public string Error => error.ToString();

    public JsonElement Json => JsonDocument.Parse(Out).RootElement;

    public Task<int> RunAsync(params string[] args) =>
        EtlCli.RunAsync(args, new Terminal(output, error, OutIsTerminal: false, ErrorIsTerminal: false));
}
