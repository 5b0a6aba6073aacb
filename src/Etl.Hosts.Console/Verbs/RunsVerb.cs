using System.CommandLine;
using System.Globalization;
using Etl.Application.Errors;
using Etl.Application.Operations;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Hosts.Console.Cli;
using Etl.Hosts.Console.Hosting;
using Etl.Hosts.Console.Output;
using Microsoft.Extensions.Configuration;

namespace Etl.Hosts.Console.Verbs;

/// <summary><c>etl runs</c>: the last runs of the ledger.</summary>
internal sealed class RunsVerb : HostVerb
{
    private static readonly Option<int> Last = new("--last")
    {
        Description = "The number of runs, newest first.",
        HelpName = "N",
        DefaultValueFactory = _ => 20,
    };

    public RunsVerb(Terminal terminal)
        : base(
            terminal,
            "runs",
            "Lists the last runs. `runs show ID` shows one run in detail.",
            [Last, CommonOptions.Connection],
            "etl runs --last 7"
        )
    {
        Add(new RunsShowVerb(terminal));
        Add(new RunsCostVerb(terminal));
    }

    protected override async Task<VerbResult> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var runs = await context.Get<IRunHistory>().ListAsync(Math.Max(1, context.Value(Last)), cancellationToken);
        return VerbResult.Of(
            new RunsDocument([.. runs.Select(RunDocument.Of)]),
            terminal => HistoryText.WriteList(terminal, runs)
        );
    }
}

/// <summary><c>etl runs show</c>: one run of the ledger.</summary>
internal sealed class RunsShowVerb(Terminal terminal)
    : HostVerb(
        terminal,
        "show",
        "Shows one run: steps, files, data tests and exports.",
        [Id, CommonOptions.Connection],
        "etl runs show 20250630-001"
    )
{
    private static readonly Argument<string> Id = new("ID") { Description = "The run ID, for example 20250630-001." };

    /// <summary>A run of the ledger.</summary>
    /// <exception cref="EtlException">There is no such run.</exception>
    public static async Task<RunHistory> FindAsync(
        VerbContext context,
        RunId run,
        CancellationToken cancellationToken
    ) =>
        await context.Get<IRunHistory>().FindAsync(run, cancellationToken)
        ?? throw Unknown($"The ledger has no run {run}.");

    protected override void Check(ParseResult parsed, IConfiguration settings) =>
        ParseId(parsed);

    protected override async Task<VerbResult> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var history = await FindAsync(context, ParseId(context.Parsed), cancellationToken);
        return new VerbResult(
            () => JsonOutput.Serialize(RunDocument.Of(history)),
            terminal => HistoryText.Write(terminal, history)
        );
    }

    private static RunId ParseId(ParseResult parsed) =>
        RunId.TryParse(parsed.GetRequiredValue(Id), out var id)
            ? id
            : throw Unknown("The argument ID is not a run ID. Run IDs look like 20250630-001.");

    private static EtlException Unknown(string message) => new(ErrorCode.Usage, message, "See `etl runs` for the IDs.");
}

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

    protected override async Task<VerbResult> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var start = StartOf(context.Value(Month), context.Get<TimeProvider>());
        var runs = await context
            .Get<IRunHistory>()
            .ListBetweenAsync(start, start.AddMonths(1), cancellationToken);
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
                $"{SafeText.Moment(month)} is not a month.",
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
                    [
                        i.Name,
                        i.Quantity.ToString("#,0.######", CultureInfo.InvariantCulture),
                        i.Unit,
                        Amount(i.Amount),
                    ]
            )
        );
        terminal.Out.WriteLine();
        terminal.Out.WriteLine(
            $"Prices as of {cost.PricesAsOf}, before any free tier, without PostgreSQL and its network."
        );
    }

    private static string Amount(decimal amount) => amount.ToString("0.000000", CultureInfo.InvariantCulture);
}
