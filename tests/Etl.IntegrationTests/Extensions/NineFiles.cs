using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Etl.TestKit;

namespace Etl.IntegrationTests.Extensions;

/// <summary>
/// A shop that exports nine files, some of whose values are wrong, and the figures that follow from its rows, computed without
/// the program. The extensions that describe it are those of docs/guides/orders-from-several-files.md.
/// </summary>
internal sealed partial class NineFiles
{
    private const int Orders = 1500;
    private const int ProductCount = 40;
    private static readonly DateTime First = new(2024, 1, 1, 8, 0, 0);

    private readonly Random random = new(20250630);
    private readonly List<Order> orders = [];
    private readonly List<Line> lines = [];
    private readonly List<Review> reviews = [];
    private readonly string[] products = [.. Enumerable.Range(1, ProductCount).Select(i => $"p{i * 7919:x6}")];

    public NineFiles()
    {
        for (var i = 1; i <= Orders; i++)
        {
            Add(i);
        }
    }

    /// <summary>The lines that become rows of orders: their price is an amount, and their order was loaded.</summary>
    private IEnumerable<Line> Sold => lines.Where(l => Amount(l.Price) is not null && OrderOf(l.Order)!.HasDay);

    private IEnumerable<(int Points, string Product)> Reviewed =>
        reviews
            .Where(r => r.Score is "1" or "2" or "3" or "4" or "5")
            .Select(r =>
                (int.Parse(r.Score, CultureInfo.InvariantCulture), lines.First(l => l.Order == r.Order).Product)
            );

    private IEnumerable<Order> Shipped => orders.Where(o => o.HasDay);

    /// <summary>Rows read, loaded and rejected of each dataset with wrong values.</summary>
    public Dictionary<string, (int Read, int Loaded, int Rejected)> RowCounts =>
        new()
        {
            ["shop_orders"] = Of(orders.Count, Shipped.Count()),
            ["order_lines"] = Of(lines.Count, lines.Count),
            ["order_reviews"] = Of(reviews.Count, reviews.Count),
            ["orders"] = Of(lines.Count, Sold.Count()),
            ["reviews"] = Of(reviews.Count, Reviewed.Count()),
            ["shipments"] = Of(Shipped.Count(), Shipped.Count()),
        };

    /// <summary>The rejected rows of model orders by column: no price, or no day and customer.</summary>
    public (int Price, int Customer) RejectedLines =>
        (
            lines.Count(l => Amount(l.Price) is null && OrderOf(l.Order)!.HasDay),
            lines.Count(l => !OrderOf(l.Order)!.HasDay)
        );

    public IReadOnlyList<string> Categories =>
        [
            .. Sold.GroupBy(l => $"category {Array.IndexOf(products, l.Product) % 5}")
                .OrderBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => $"{g.Key},{g.Count()},{Text(g.Sum(l => Amount(l.Price)!.Value))}"),
        ];

    public IReadOnlyList<string> Days =>
        [
            .. Sold.GroupBy(l => OrderOf(l.Order)!.Day)
                .OrderBy(g => g.Key)
                .Select(g => $"{Text(g.Key)},{g.Count()},{g.Count()},{Text(g.Sum(l => Amount(l.Price)!.Value))}"),
        ];

    /// <summary>Product, order lines, quantity, revenue, reviews, points.</summary>
    public IReadOnlyList<string> Products =>
        [
            .. products
                .Order(StringComparer.Ordinal)
                .Select(p =>
                {
                    var (sold, points) = (
                        Sold.Where(l => l.Product == p).ToList(),
                        Reviewed.Where(r => r.Product == p).ToList()
                    );
                    return $"{p},Product {p},{sold.Count},{sold.Count},{Text(sold.Sum(l => Amount(l.Price)!.Value))},"
                        + $"{points.Count},{points.Sum(r => r.Points)}";
                }),
        ];

    /// <summary>Late shipments and undelivered orders, as of a day.</summary>
    public string ShipmentsOf(DateOnly asOf)
    {
        var known = Sold.Select(l => l.Order).ToHashSet();
        var late = Shipped.Count(o =>
            known.Contains(o.Id)
            && o.Delivered is null
            && o.Carrier is { } c
            && DateOnly.FromDateTime(c) >= o.Day.AddDays(6)
        );
        var undelivered = Shipped.Count(o =>
            known.Contains(o.Id) && o is { Delivered: null, Carrier: null } && asOf.DayNumber - o.Day.DayNumber >= 15
        );
        return $"{Text(asOf)},{late},{undelivered}";
    }

    /// <summary>The key of some line, and its order.</summary>
    public (string Order, int Item) LineWithWrongPrice =>
        lines.Where(l => Amount(l.Price) is null).Select(l => (l.Order, l.Item)).First();

    /// <summary>The orders whose day is no day.</summary>
    public IReadOnlyList<string> WrongOrders => [.. orders.Where(o => !o.HasDay).Select(o => o.Id)];

    /// <summary>Corrects the orders without a day, as someone does who has the right one.</summary>
    public void Correct() => orders.ForEach(o => o.HasDay = true);

    /// <summary>The extensions that the guide shows, by path.</summary>
    public static IReadOnlyDictionary<string, string> Extensions { get; } =
        Shown()
            .Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs/guides/orders-from-several-files.md")))
            .ToDictionary(m => m.Groups["file"].Value["extensions/".Length..], m => m.Groups["body"].Value);

    /// <summary>Writes the nine files to a folder.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        WriteFile(
            "orders.csv",
            "order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,order_delivered_carrier_date,order_delivered_customer_date,order_estimated_delivery_date",
            orders.Select(o =>
                $"{o.Id},c{o.Id},{(o.Delivered is null ? "shipped" : "delivered")},{(o.HasDay ? Time(o.At) : "unknown")},{Time(o.At)},{Time(o.Carrier)},{Time(o.Delivered)},{Time(o.At.AddDays(20))}"
            )
        );
        WriteFile(
            "order_items.csv",
            "order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,freight_value",
            lines.Select(l => $"{l.Order},{l.Item},{l.Product},s{l.Item},{Time(First)},{l.Price},7.50")
        );
        WriteFile(
            "customers.csv",
            "customer_id,customer_unique_id,customer_zip_code_prefix,customer_city,customer_state",
            orders.Select((o, i) => $"c{o.Id},u{i % 400},01{i % 100:00},\"city, {i % 9}\",S{i % 5}")
        );
        WriteFile(
            "order_reviews.csv",
            "review_id,order_id,review_score,review_comment_title,review_comment_message,review_creation_date,review_answer_timestamp",
            reviews.Select(r =>
                $"r{r.Order},{r.Order},{r.Score},,\"says \"\"fine\"\",\nand more\",{Time(First)},{Time(First)}"
            )
        );
        WriteFile(
            "order_payments.csv",
            "order_id,payment_sequential,payment_type,payment_installments,payment_value",
            orders.SelectMany(o => new[] { $"{o.Id},1,card,3,10.00", $"{o.Id},2,voucher,1,2.50" })
        );
        WriteFile(
            "products.csv",
            "product_id,product_category_name,product_name_lenght,product_weight_g",
            products.Select((p, i) => $"{p},categoria {i % 5},40,{100 + i}")
        );
        WriteFile(
            "category_name_translation.csv",
            "product_category_name,product_category_name_english",
            Enumerable.Range(0, 5).Select(i => $"categoria {i},category {i}")
        );
        WriteFile(
            "sellers.csv",
            "seller_id,seller_zip_code_prefix,seller_city,seller_state",
            Enumerable.Range(1, 4).Select(i => $"s{i},0{i}000,somewhere,S{i}")
        );
        WriteFile(
            "geolocation.csv",
            "geolocation_zip_code_prefix,geolocation_lat,geolocation_lng,geolocation_city,geolocation_state",
            Enumerable.Range(0, 300).Select(i => $"01{i % 100:00},-23.5{i},-46.6{i},somewhere,S1")
        );

        void WriteFile(string name, string header, IEnumerable<string> rows) =>
            File.WriteAllText(Path.Combine(folder, name), string.Join('\n', rows.Prepend(header)) + "\n");
    }

    private void Add(int number)
    {
        var id = $"{number * 2_654_435_761L % 4_294_967_291L:x8}";
        var at = First.AddDays(random.Next(540)).AddSeconds(random.Next(50_000));
        DateTime? carrier = random.Next(10) == 0 ? null : at.AddDays(random.Next(1, 9));
        DateTime? delivered = carrier is null || random.Next(8) == 0 ? null : carrier.Value.AddDays(random.Next(1, 12));
        orders.Add(new Order(id, at, carrier, delivered) { HasDay = number % 700 != 0 });
        for (var item = 1; item <= random.Next(1, 5); item++)
        {
            var price = $"{random.Next(1, 400)}.{random.Next(100):00}";
            var shown = lines.Count % 500 == 499 ? new[] { "12.5O", "free", "9.999" }[lines.Count / 500 % 3] : price;
            lines.Add(new Line(id, item, products[random.Next(ProductCount)], shown));
        }

        if (random.Next(3) > 0)
        {
            var score = $"{random.Next(1, 6)}";
            reviews.Add(
                new Review(id, reviews.Count % 300 == 299 ? new[] { "6", "five" }[reviews.Count / 300 % 2] : score)
            );
        }
    }

    private Order? OrderOf(string id) => orders.Find(o => o.Id == id);

    private static decimal? Amount(string text) =>
        AmountOfCents().IsMatch(text) ? decimal.Parse(text, CultureInfo.InvariantCulture) : null;

    private static (int, int, int) Of(int read, int loaded) => (read, loaded, read - loaded);

    private static string Text(decimal amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Time(DateTime? time) =>
        time?.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "";

    private sealed record Order(string Id, DateTime At, DateTime? Carrier, DateTime? Delivered)
    {
        /// <summary>Whether its day is a day; otherwise the file has a word in its place.</summary>
        public bool HasDay { get; set; }

        public DateOnly Day => DateOnly.FromDateTime(At);
    }

    private sealed record Line(string Order, int Item, string Product, string Price);

    private sealed record Review(string Order, string Score);

    [GeneratedRegex(@"^\d+\.\d\d$")]
    private static partial Regex AmountOfCents();

    [GeneratedRegex(
        @"^Contents of `(?<file>[^`]+)`:\n\n```(json|sql file)\n(?<body>.*?)^```$",
        RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Shown();
}
