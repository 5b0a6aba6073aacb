using BenchmarkDotNet.Running;
using Etl.Benchmarks;

return args switch
{
    ["load", var folder, var connection] => await LoadOnce.RunAsync(folder, connection),
    ["check", var folder] => await LoadOnce.RunAsync(folder, connection: null),
    ["cold-start", var program, var rounds] => await ColdStart.RunAsync(program, rounds),
    _ => RunBenchmarks(args),
};

static int RunBenchmarks(string[] args)
{
    BenchmarkSwitcher.FromAssembly(typeof(LoadOnce).Assembly).Run(args);
    return 0;
}
