using System.Text;
using Etl.Domain;
using Etl.Domain.Datasets;

namespace Etl.Hosts.Console.Samples;

/// <summary>Generates the rows of one file in order.</summary>
internal interface IRowSource
{
    Dataset Dataset { get; }

    long Rows { get; }

    void Next(RowBuffer row);
}

/// <summary>Orders: one product each, at a price that rises every year, sometimes with a discount.</summary>
internal sealed class OrderRows(Dataset dataset, SampleOptions options, DayTexts days, ShopIds ids) : IRowSource
{
    private readonly Xoshiro random = new(options.Seed, 1);
    private readonly OrderDays walk = new(options.Day, options.Orders);
    private readonly int customers = (int)Math.Max(10, options.Orders / 8);
    private readonly int firstYear = options.Day.Year - 4;
    private long id;

    public Dataset Dataset => dataset;

    public long Rows => options.Orders;

    public void Next(RowBuffer row)
    {
        var day = walk.Next();
        var product = Shop.OrderWheel[random.Below(Shop.Slots)];
        var quantity = 1 + (random.Below(12) * random.Below(12) / 20);
        var price = PriceOf(product, DateOnly.FromDayNumber(day).Year - firstYear);
        var discount = random.Happens(15_000) ? 5 * (1 + random.Below(4)) : 0;
        ids.Put(row, IdOf.Order, ++id);
        ids.Put(row, IdOf.Customer, 1 + random.Below(customers));
        row.Put(days[day]);
        ids.Put(row, IdOf.Product, product);
        row.Put(new Money(price));
        row.Put(quantity);
        row.Put(new Money(price * quantity * (100 - discount) / 100));
    }

    private static long PriceOf(byte product, int years)
    {
        var raised = Shop.Products[product - 1].Cents * (100L + (3 * years)) / 100;
        return raised >= 5000 ? raised / 100 * 100 : raised / 5 * 5 - (raised % 2);
    }
}

/// <summary>Reviews: no key and no date, so many rows are equal.</summary>
internal sealed class ReviewRows(Dataset dataset, SampleOptions options, ShopIds ids) : IRowSource
{
    private readonly Xoshiro random = new(options.Seed, 2);

    public Dataset Dataset => dataset;

    public long Rows => options.Reviews;

    public void Next(RowBuffer row)
    {
        var product = Shop.ReviewWheel[random.Below(Shop.Slots)];
        var opinion = Shop.StarWheels[Shop.Products[product - 1].Stars - 1];
        row.Put(opinion[random.Below(opinion.Length)]);
        ids.Put(row, IdOf.Product, product);
    }
}

/// <summary>
/// Shipments: most are shipped within 5 days and delivered within 10; some are shipped late and never delivered, some are
/// never shipped. A few are irregular: of an unknown order, delivered before they were shipped, dated in the future.
/// </summary>
internal sealed class ShipmentRows(Dataset dataset, SampleOptions options, DayTexts days, ShopIds ids) : IRowSource
{
    private const int Never = 0;

    private readonly Xoshiro random = new(options.Seed, 3);
    private readonly OrderDays walk = new(options.Day, options.Orders);
    private readonly int lastDay = options.Day.DayNumber;
    private long id;

    public Dataset Dataset => dataset;

    public long Rows => options.Orders;

    public void Next(RowBuffer row)
    {
        var ordered = walk.Next();
        var (shipped, delivered) = Dates(ordered);
        ids.Put(row, IdOf.Shipment, ++id);
        ids.Put(row, IdOf.Order, random.Happens(200) ? options.Orders + 1 + random.Below(1000) : id);
        PutDay(row, shipped);
        PutDay(row, delivered);
    }

    private (int Shipped, int Delivered) Dates(int ordered)
    {
        var shipped = ordered + random.Below(5);
        var delivered = shipped + 1 + random.Below(9);
        var chance = random.Below(10_000);
        if (chance < 10)
        {
            return chance < 5 ? (shipped, shipped - 1) : (ordered - 1, delivered);
        }

        if (chance < 310)
        {
            return Known(ordered + 6 + random.Below(15), Never);
        }

        if (chance < 560)
        {
            return (Never, Never);
        }

        // A few dates after the snapshot are planned dates.
        return chance < 600 ? (shipped, delivered) : Known(shipped, delivered);
    }

    /// <summary>The dates that are known on the day of the snapshot.</summary>
    private (int Shipped, int Delivered) Known(int shipped, int delivered) =>
        (shipped > lastDay ? Never : shipped, delivered > lastDay || shipped > lastDay ? Never : delivered);

    private void PutDay(RowBuffer row, int day)
    {
        if (day == Never)
        {
            row.PutNull();
        }
        else
        {
            row.Put(days[day]);
        }
    }
}

/// <summary>The products of the shop.</summary>
internal sealed class ProductRows(ShopIds ids) : IRowSource
{
    private int next;

    public Dataset Dataset => OptionalDatasets.BuiltIn.Products;

    public long Rows => Shop.Products.Count;

    public void Next(RowBuffer row)
    {
        var product = Shop.Products[next++];
        ids.Put(row, IdOf.Product, next);
        row.Put(Encoding.UTF8.GetBytes(product.Category));
        row.Put(Encoding.UTF8.GetBytes(product.Name));
    }
}
