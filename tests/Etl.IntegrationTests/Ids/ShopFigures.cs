using System.Globalization;

namespace Etl.IntegrationTests.Ids;

/// <summary>
/// The figures of rows, row by row as the definitions say it and without any SQL: what the exports must contain. Where a
/// dataset is absent its figures are.
/// </summary>
internal sealed class ShopFigures(ShopRows rows, DateOnly asOf, bool hasReviews, bool hasShipments)
{
    private readonly Dictionary<string, DateOnly> firstDays = rows
        .Orders.GroupBy(o => o.Order)
        .ToDictionary(g => g.Key, g => g.Min(o => o.Day));

    private IEnumerable<ShipmentRow> Shipments => hasShipments ? rows.Shipments : [];

    private IEnumerable<(int Stars, string Product)> Reviews => hasReviews ? rows.Reviews : [];

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public IEnumerable<string> AggShipments =>
        hasShipments ? [$"{Day(asOf)},{Shipments.Count(IsLate)},{Shipments.Count(IsUndelivered)}"] : [];

    public IEnumerable<string> ShipmentStatus =>
        Shipments
            .GroupBy(s => (Status: StatusOf(s), Age: AgeOf(s)))
            .OrderBy(g => g.Key.Status, StringComparer.Ordinal)
            .ThenBy(g => g.Key.Age, StringComparer.Ordinal)
            .Select(g => $"{g.Key.Status},{g.Key.Age},{g.Count()}");

    public IEnumerable<string> DailyOrders =>
        rows
            .Orders.GroupBy(o => o.Day)
            .OrderBy(g => g.Key)
            .Select(g =>
                $"{Day(g.Key)},{g.Count()},{g.Sum(o => o.Quantity)},{Two(g.Sum(o => o.Total))},{Flag(IsHoliday(g.Key))}"
            );

    public IEnumerable<string> HolidayOrders
    {
        get
        {
            var past = rows.Orders.Where(o => o.Day.Year == asOf.Year - 1 && IsHoliday(o.Day)).ToList();
            return
            [
                $"{Day(asOf)},{string.Join(',', Enumerable.Range(1, 12).Select(m => past.Count(o => o.Day.Month == m)))}",
            ];
        }
    }

    public IEnumerable<string> ProductPerformance =>
        rows
            .Orders.Select(o => o.Product)
            .Concat(Reviews.Select(r => r.Product))
            .Distinct()
            .OrderBy(p => p, StringComparer.Ordinal)
            .Select(p =>
            {
                var orders = rows.Orders.Where(o => o.Product == p).ToList();
                return $"{p},Product {p},{orders.Count},{orders.Sum(o => o.Quantity)},{Two(orders.Sum(o => o.Total))},"
                    + $"{ReviewFigures(p, withCount: true)},{ShipmentShares(p)}";
            });

    public IEnumerable<string> BestProduct
    {
        get
        {
            var best = rows
                .Orders.Select(o => o.Product)
                .Distinct()
                .Where(p => Reviews.Any(r => r.Product == p))
                .OrderByDescending(p => Reviews.Where(r => r.Product == p).Sum(r => r.Stars))
                .ThenByDescending(p => Reviews.Count(r => r.Product == p))
                .ThenBy(p => p, StringComparer.Ordinal)
                .FirstOrDefault();
            if (best is null)
            {
                return [];
            }

            var day = rows
                .Orders.Where(o => o.Product == best)
                .GroupBy(o => o.Day)
                .OrderByDescending(g => g.Count())
                .ThenByDescending(g => g.Sum(o => o.Quantity))
                .ThenBy(g => g.Key)
                .First()
                .Key;
            return
            [
                $"{Day(asOf)},Product {best},{Day(day)},{Flag(IsHoliday(day))},{ReviewFigures(best, withCount: false)},{ShipmentShares(best)}",
            ];
        }
    }

    private string ReviewFigures(string product, bool withCount)
    {
        if (!hasReviews)
        {
            return new string(',', 6);
        }

        var stars = Reviews.Where(r => r.Product == product).Select(r => r.Stars).ToList();
        var shares = Enumerable.Range(1, 5).Select(n => Percent(stars.Count(s => s == n), stars.Count));
        return $"{(withCount ? $"{stars.Count}," : "")}{stars.Sum()},{string.Join(',', shares)}";
    }

    /// <summary>A shipment counts once for each distinct product of its order.</summary>
    private string ShipmentShares(string product)
    {
        if (!hasShipments)
        {
            return ",";
        }

        var shipped = Shipments
            .Where(s => s.Shipped is not null && rows.Orders.Any(o => o.Order == s.Order && o.Product == product))
            .ToList();
        var late = shipped.Count(IsLate);
        return $"{Percent(shipped.Count - late, shipped.Count)},{Percent(late, shipped.Count)}";
    }

    private bool IsLate(ShipmentRow s) =>
        s is { Shipped: not null, Delivered: null }
        && firstDays.TryGetValue(s.Order, out var ordered)
        && s.Shipped >= ordered.AddDays(6);

    private bool IsUndelivered(ShipmentRow s) =>
        s is { Shipped: null, Delivered: null }
        && firstDays.TryGetValue(s.Order, out var ordered)
        && asOf.DayNumber - ordered.DayNumber >= 15;

    private string StatusOf(ShipmentRow s) =>
        s.Delivered is not null ? "delivered"
        : s.Shipped is not null ? (IsLate(s) ? "late" : "in_transit")
        : IsUndelivered(s) ? "undelivered"
        : "pending";

    private string AgeOf(ShipmentRow s) =>
        !firstDays.TryGetValue(s.Order, out var ordered)
            ? "unknown"
            : ((s.Delivered ?? asOf).DayNumber - ordered.DayNumber) switch
            {
                > 90 => "over 90 days",
                > 30 => "31 to 90 days",
                _ => "0 to 30 days",
            };

    private static bool IsHoliday(DateOnly day) =>
        day is { Month: 1, Day: 1 } or { Month: 12, Day: 25 or 26 }
        && day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday);

    private static string Flag(bool flag) => flag ? "true" : "false";

    private static string Two(decimal number) => number.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Percent(int part, int whole) =>
        Two(whole == 0 ? 0 : Math.Round(100m * part / whole, 2, MidpointRounding.AwayFromZero));
}
