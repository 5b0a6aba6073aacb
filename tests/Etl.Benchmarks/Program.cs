using System.Globalization;
using BenchmarkDotNet.Running;
using Etl.Benchmarks;
using Etl.Benchmarks.Pointer;

return args switch
{
    ["load", var folder, var connection, ..] => await LoadOnce.RunAsync(folder, connection, Number("--streams", 1)),
    ["check", var folder] => await LoadOnce.RunAsync(folder, connection: null),
    ["duckdb", var folder, var asOf] => DuckDb.Run(folder, asOf),
    ["cold-start", var program, var rounds] => await ColdStart.RunAsync(program, rounds),
    ["races", ..] => await Races.RunAsync(Number("--cycles", 100), Number("--version", 0)),
    ["views", ..] => await ViewCost.RunAsync(Number("--rows", 2_000_000), Number("--rounds", 5)),
    ["simulate", ..] => Simulate(args),
    _ => RunBenchmarks(args),
};

static int Simulate(string[] args)
{
    Console.Write(Simulation.Of(args).Table());
    return 0;
}

static int RunBenchmarks(string[] args)
{
    BenchmarkSwitcher.FromAssembly(typeof(LoadOnce).Assembly).Run(args);
    return 0;
}

int Number(string option, int otherwise) =>
    Array.IndexOf(args, option) is var at and >= 0 && at + 1 < args.Length
        ? int.Parse(args[at + 1], CultureInfo.InvariantCulture)
        : otherwise;
