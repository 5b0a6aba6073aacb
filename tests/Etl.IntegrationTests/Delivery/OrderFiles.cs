using System.Globalization;
using Etl.IntegrationTests.Quarantine;

namespace Etl.IntegrationTests.Delivery;

/// <summary>Days of a shop whose orders are complete, or cut off by an upload that broke off.</summary>
internal static class OrderFiles
{
    public const int Complete = 20;

    /// <summary>The first orders; each amount has two decimals.</summary>
    public static string Orders(int count) =>
        SmallShop.OrdersHeader
        + string.Concat(
            Enumerable
                .Range(1, count)
                .Select(i =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{i},{100 + (i % 7)},2022-08-{i:00},{(i % 4) + 1},{i}.50,2,{2 * i + 1}.00\n"
                    )
                )
        );

    /// <summary>12 of 20 orders: the last amount, 25.00, is cut off to 25, which is an amount, too.</summary>
    public static string CutOff() => Orders(12)[..^4];

    /// <summary>A day with these orders, and the same reviews and shipments on each day.</summary>
    public static SmallShop WriteDay(this SmallShop shop, string day, string orders)
    {
        shop.WriteDay(day);
        return shop.Write("orders.csv", orders, day);
    }
}
