using System.CommandLine;
using System.Globalization;
using Etl.Application.Errors;
using Etl.Application.Operations;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Hosting;
using Etl.Hosts.Console.Output;
using Microsoft.Extensions.Configuration;

namespace Etl.Hosts.Console.Verbs;

/// <summary><c>etl runs cost</c>: what a month of runs costs as a Lambda function.</summary>
internal sealed class RunsCostVerb(Terminal terminal)
    : HostVerb(
        terminal,
        "cost",
        "Computes what a month of runs costs as a Lambda function, from recorded usage and the prices in Etl:Cost.",
        [Month, CommonOptions.Connection],
        "etl runs cost --month 2026-03"
    )
{
    private const string MonthFormat = "yyyy-MM";

    private static readonly Option<string?> Month = new("--month")
    {
        Description = "The month in which the runs started, in UTC. Default: the current month.",
        HelpName = MonthFormat,
    };

    protected override void Check(ParseResult parsed, IConfiguration settings) =>
        StartOf(parsed.GetValue(Month), TimeProvider.System);

    protected override LocalDatabaseUse LocalDatabase => LocalDatabaseUse.IfCreated;

    protected override async Task<VerbResult> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var start = StartOf(context.Value(Month), context.Get<TimeProvider>());
        var runs = await context.Get<IRunHistory>().ListBetweenAsync(start, start.AddMonths(1), cancellationToken);
        var cost = MonthCost.Of(runs, context.OptionsOf<CostOptions>());
        var month = start.ToString(MonthFormat, CultureInfo.InvariantCulture);
        return VerbResult.Of(
            new CostDocument(month, cost.Runs, cost.Currency, cost.PricesAsOf, cost.Total, cost.Items),
            terminal => Write(terminal, month, cost)
        );
    }

    private static DateTimeOffset StartOf(string? month, TimeProvider clock)
    {
        if (month is null)
        {
            var now = clock.GetUtcNow();
            return new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero);
        }

        return DateTimeOffset.TryParseExact(
            month,
            MonthFormat,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var start
        )
            ? start
            : throw new EtlException(
                ErrorCode.Usage,
                $"{SafeText.TimeOrId(month)} is not a month.",
                "Write it as yyyy-MM, for example 2026-03."
            );
    }

    private static void Write(Terminal terminal, string month, MonthCost cost)
    {
        terminal.Out.WriteLine($"{month}: {Tables.Count(cost.Runs, "run")}, {Amount(cost.Total)} {cost.Currency}");
        Tables.WriteSection(
            terminal,
            ["item", "#quantity", "unit", $"#{cost.Currency}"],
            cost.Items.Select(i =>
                (string[])
                    [i.Name, i.Quantity.ToString("#,0.######", CultureInfo.InvariantCulture), i.Unit, Amount(i.Amount)]
            )
        );
        terminal.Out.WriteLine();
        terminal.Out.WriteLine(
            $"Prices as of {cost.PricesAsOf}, before any free tier, without PostgreSQL and its network."
        );
    }

    private static string Amount(decimal amount) => amount.ToString("0.000000", CultureInfo.InvariantCulture);
}
