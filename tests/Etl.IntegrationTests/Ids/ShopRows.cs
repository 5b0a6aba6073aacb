namespace Etl.IntegrationTests.Ids;

/// <summary>Random rows of a shop: orders of several lines, refunds, shipments of unknown orders, several for one order.</summary>
internal sealed class ShopRows
{
    private static readonly DateOnly From = new(2020, 11, 1);

    private readonly Random random;
    private readonly Func<string, int, string> idOf;

    /// <param name="seed">Another seed gives other rows.</param>
    /// <param name="maxLines">The most lines of an order; of more than one, an order can repeat a product.</param>
    /// <param name="repeatsProducts">Whether an order may have two lines of one product.</param>
    /// <param name="hasRefunds">Whether quantities and totals may be negative.</param>
    /// <param name="idOf">Writes an id.</param>
    public ShopRows(int seed, int maxLines, bool repeatsProducts, bool hasRefunds, Func<string, int, string> idOf)
    {
        (random, this.idOf) = (new Random(seed), idOf);
        for (var order = 1; order <= 80; order++)
        {
            var products = Enumerable.Range(1, 7).OrderBy(_ => random.Next()).ToList();
            var day = From.AddDays(random.Next(660));
            for (var line = random.Next(1, maxLines + 1); line > 0; line--)
            {
                var product = products[repeatsProducts ? random.Next(2) : line];
                AddOrder(order, day.AddDays(random.Next(12)), product, hasRefunds && random.Next(3) == 0 ? -1 : 1);
            }
        }

        Reviews = [.. Enumerable.Range(0, 40).Select(_ => (random.Next(1, 6), Id("product", random.Next(1, 10))))];
        Shipments = [.. Enumerable.Range(1, 120).Select(Shipment)];
    }

    public List<OrderRow> Orders { get; } = [];

    public IReadOnlyList<(int Stars, string Product)> Reviews { get; }

    public IReadOnlyList<ShipmentRow> Shipments { get; }

    public string OrdersFile =>
        "order_id,customer_id,order_date,product_id,unit_price,quantity,total_price\n"
        + string.Concat(
            Orders.Select(o =>
                $"{o.Order},{Id("customer", 1)},{o.Day:yyyy-MM-dd},{o.Product},{o.Price},{o.Quantity},{o.Total}\n"
            )
        );

    public string ReviewsFile => "review,product_id\n" + string.Concat(Reviews.Select(r => $"{r.Stars},{r.Product}\n"));

    public string ShipmentsFile =>
        "shipment_id,order_id,shipment_date,delivery_date\n"
        + string.Concat(
            Shipments.Select(
                (s, i) => $"{Id("shipment", i + 1)},{s.Order},{s.Shipped:yyyy-MM-dd},{s.Delivered:yyyy-MM-dd}\n"
            )
        );

    private string Id(string kind, int number) => idOf(kind, number);

    private void AddOrder(int order, DateOnly day, int product, int sign)
    {
        var price = random.Next(1, 3000) / 100m;
        var quantity = sign * random.Next(1, 5);
        Orders.Add(new OrderRow(Id("order", order), day, Id("product", product), price, quantity, price * quantity));
    }

    private ShipmentRow Shipment(int number)
    {
        var order = random.Next(1, 86);
        var first = Orders.Where(o => o.Order == Id("order", order)).Select(o => o.Day).DefaultIfEmpty(From).Min();
        DateOnly? shipped = random.Next(5) == 0 ? null : first.AddDays(random.Next(0, 12));
        DateOnly? delivered = shipped is { } day && random.Next(3) > 0 ? day.AddDays(random.Next(1, 120)) : null;
        return new ShipmentRow(Id("order", order), shipped, delivered);
    }
}

internal sealed record OrderRow(string Order, DateOnly Day, string Product, decimal Price, int Quantity, decimal Total);

internal sealed record ShipmentRow(string Order, DateOnly? Shipped, DateOnly? Delivered);
