using System.Globalization;
using Etl.Application.Runs;
using Etl.Domain.Datasets;
using Etl.Hosts.Console.Cli;

namespace Etl.Hosts.Console.Output;

/// <summary>Writes checked files: their row counts and their first rejected rows.</summary>
internal static class CheckText
{
    public static void WriteFiles(Terminal terminal, IReadOnlyList<StagedFile> files)
    {
        Tables.Write(
            terminal,
            ["file", "#read", "#accepted", "#rejected", "#percent"],
            files.Select(f =>
                (string[])
                    [
                        f.FileName,
                        Tables.Count(f.RowCounts.Read),
                        Tables.Count(f.RowCounts.Loaded),
                        Tables.Count(f.RowCounts.Rejected),
                        f.RowCounts.RejectedPercent.ToString("0.##", CultureInfo.InvariantCulture),
                    ]
            )
        );
        foreach (var file in files)
        {
            foreach (var row in file.FirstRejects)
            {
                var place = row.Column is null ? $"{row.Line}" : $"{row.Line}:{row.Column}";
                terminal.Out.WriteLine($"{file.FileName}:{place}: {row.Code.Text()}: {row.Message}");
            }
        }
    }
}
