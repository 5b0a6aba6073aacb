namespace Etl.Hosts.Console.Samples;

/// <summary>
/// Distributes the orders over the days, in time order: more each year, fewer on Sundays, many before the winter holidays.
/// Orders and shipments each use an instance of their own, which return the same days.
/// </summary>
internal sealed class OrderDays
{
    private static readonly int[] OfWeekday = [6, 11, 10, 10, 11, 12, 9];
    private static readonly int[] OfMonth = [8, 8, 9, 9, 10, 10, 8, 9, 10, 11, 15, 17];

    private readonly long orders;
    private readonly DateOnly first;
    private readonly long[] upTo;
    private long ordersGiven;
    private int day;

    public OrderDays(DateOnly lastDay, long orders)
    {
        this.orders = orders;
        first = lastDay.AddYears(-4).AddDays(1);
        upTo = new long[lastDay.DayNumber - first.DayNumber + 1];
        var total = 0L;
        for (var i = 0; i < upTo.Length; i++)
        {
            upTo[i] = total += Weight(first.AddDays(i), i);
        }
    }

    /// <summary>The day of the next order, as <see cref="DateOnly.DayNumber"/> counts.</summary>
    public int Next()
    {
        while (ordersGiven * upTo[^1] >= upTo[day] * orders)
        {
            day++;
        }

        ordersGiven++;
        return first.DayNumber + day;
    }

    private static long Weight(DateOnly date, int daysOpen) =>
        (long)OfWeekday[(int)date.DayOfWeek] * OfMonth[date.Month - 1] * (1000 + daysOpen);
}
