using System.CommandLine;
using System.Globalization;
using Etl.Application.Errors;
using Etl.Application.Operations;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Hosting;
using Etl.Hosts.Console.Output;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Etl.Hosts.Console.Verbs;

/// <summary><c>etl runs cost</c>: what a month of runs costs where it runs as a Lambda function.</summary>
internal static class RunsCostVerb
{
    private static readonly Option<string?> Month = new("--month")
    {
        Description = "The month in which the runs began, UTC; this one unless given.",
        HelpName = "yyyy-MM",
    };

    public static Command Create(Terminal terminal)
    {
        var verb = new Verb(
            "cost",
            "What a month of runs costs as a Lambda function, from what they measured and the prices in Etl:Cost.",
            "etl runs cost --month 2026-03"
        )
        {
            Month,
            CommonOptions.Connection,
            CommonOptions.Json,
        };
        verb.SetAction((parsed, token) => CostAsync(parsed, terminal, token));
        return verb;
    }

    private static async Task<int> CostAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellationToken)
    {
        using var host = EtlHost.Build(parsed, terminal);
        var from = First(parsed.GetValue(Month), host.Services.GetRequiredService<TimeProvider>());
        await Destination.EnsureAsync(host, terminal, cancellationToken);
        var runs = await host
            .Services.GetRequiredService<IRunHistory>()
            .ListBetweenAsync(from, from.AddMonths(1), cancellationToken);
        var cost = MonthCost.Of(runs, host.Services.GetRequiredService<IOptions<CostOptions>>().Value);
        var month = from.ToString("yyyy-MM", CultureInfo.InvariantCulture);
        if (parsed.GetValue(CommonOptions.Json))
        {
            JsonOutput.Write(terminal, CostDocument.Of(month, cost), OutputJson.Default.CostDocument);
        }
        else
        {
            Write(terminal, month, cost);
        }

        return 0;
    }

    private static DateTimeOffset First(string? month, TimeProvider clock)
    {
        if (month is null)
        {
            var now = clock.GetUtcNow();
            return new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero);
        }

        return DateTimeOffset.TryParseExact(
            month,
            "yyyy-MM",
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var first
        )
            ? first
            : throw new EtlException(
                ErrorCode.Usage,
                $"{SafeText.Moment(month)} is not a month.",
                "Write it as yyyy-MM, as in 2026-03."
            );
    }

    private static void Write(Terminal terminal, string month, MonthCost cost)
    {
        terminal.Out.WriteLine($"{month}: {cost.Runs} runs, {Amount(cost.Total)} {cost.Currency}");
        terminal.Out.WriteLine();
        Tables.Write(
            terminal,
            ["what", "#quantity", "unit", $"#{cost.Currency}"],
            [
                .. cost.Items.Select(i =>
                    (string[])
                        [
                            i.Name,
                            i.Quantity.ToString("#,0.######", CultureInfo.InvariantCulture),
                            i.Unit,
                            Amount(i.Amount),
                        ]
                ),
            ]
        );
        terminal.Out.WriteLine();
        terminal.Out.WriteLine(
            $"Prices as of {cost.PricesAsOf}, before any free tier; PostgreSQL and its network are not in it."
        );
    }

    private static string Amount(decimal amount) => amount.ToString("0.000000", CultureInfo.InvariantCulture);
}
