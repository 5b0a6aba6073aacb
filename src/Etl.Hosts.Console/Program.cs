using Etl.Hosts.Console;
using Etl.Hosts.Console.Cli;

return await EtlCli.RunAsync(args, Terminal.OfProcess());
