using Etl.Application.Operations;

namespace Etl.Hosts.Console.Output;

/// <summary><c>runs cost --json</c>.</summary>
internal sealed record CostDocument(
    string Status,
    int ExitCode,
    string Month,
    int Runs,
    string Currency,
    string PricesAsOf,
    decimal Total,
    IReadOnlyList<CostItem> Items,
    ErrorDocument? Error
)
{
    public static CostDocument Of(string month, MonthCost cost) =>
        new("succeeded", 0, month, cost.Runs, cost.Currency, cost.PricesAsOf, cost.Total, cost.Items, Error: null);
}
