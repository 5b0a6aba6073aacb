namespace Etl.Hosts.Console.Samples;

/// <summary>The invented shop: its products with prices, popularity and ratings.</summary>
internal static class Shop
{
    /// <summary>Slots of a wheel, from which products are drawn; the number of slots of a product is in proportion to its weight.</summary>
    public const int Slots = 1024;

    public static IReadOnlyList<Product> Products { get; } =
    [
        new("Paper", "Dotted Notebook", 890, 60, 4),
        new("Paper", "Letter Set \"Quiet Morning\"", 1450, 22, 4),
        new("Paper", "Pocket Almanac", 1200, 30, 3),
        new("Paper", "Watercolour Pad, 24 sheets", 1675, 26, 4),
        new("Pens", "Brass Ballpoint", 3400, 34, 5),
        new("Pens", "Cedar Pencils, box of 12", 990, 58, 4),
        new("Pens", "Fountain Pen Heron", 8900, 18, 5),
        new("Pens", "Ink Tidewater", 1295, 31, 4),
        new("Desk", "Cork Desk Mat", 4200, 24, 3),
        new("Desk", "Lamp Halyard", 12900, 15, 4),
        new("Desk", "Letter Opener", 1950, 11, 2),
        new("Desk", "Monitor Shelf", 7450, 19, 3),
        new("Desk", "Sand Timer, 15 min", 2100, 17, 3),
        new("Kitchen", "Enamel Mug", 1150, 66, 4),
        new("Kitchen", "Kettle Skerry", 6800, 21, 4),
        new("Kitchen", "Linen Towel", 1499, 43, 4),
        new("Kitchen", "Oak Board", 3900, 25, 3),
        new("Kitchen", "Pepper Mill", 2890, 20, 2),
        new("Kitchen", "Storage Jar, 1.5 l", 1825, 37, 3),
        new("Bags", "Canvas Tote", 2400, 49, 3),
        new("Bags", "Courier Bag Petrel", 11500, 16, 4),
        new("Bags", "Felt Sleeve", 2950, 23, 3),
        new("Bags", "Rucksack Fell", 13900, 14, 5),
        new("Outdoors", "Flask, 750 ml", 2690, 40, 4),
        new("Outdoors", "Hammock Drift", 9950, 12, 4),
        new("Outdoors", "Rope, 20 m", 1780, 13, 3),
        new("Outdoors", "Tent Lee", 38900, 6, 4),
        new("Outdoors", "Wool Blanket", 8400, 20, 5),
        new("Games", "Chess Set, travelling", 4550, 15, 4),
        new("Games", "Dominoes", 1600, 18, 3),
        new("Games", "Jigsaw Archipelago", 2350, 28, 4),
        new("Games", "Kite Tern", 3300, 16, 2),
        new("Garden", "Bulb Mix, spring", 1275, 27, 3),
        new("Garden", "Hand Trowel", 1690, 22, 4),
        new("Garden", "Rain Gauge", 2245, 9, 3),
        new("Garden", "Watering Can", 3150, 19, 3),
    ];

    /// <summary>Product numbers, weighted by orders.</summary>
    public static byte[] OrderWheel { get; } = Wheel(p => p.Popularity);

    /// <summary>Product numbers, weighted by reviews: products with extreme ratings get more.</summary>
    public static byte[] ReviewWheel { get; } = Wheel(p => p.Popularity + (Math.Abs(p.Stars - 3) * 8));

    /// <summary>Probabilities of 1 to 5 stars in percent, by the rating of a product.</summary>
    public static byte[][] StarWheels { get; } =
    [
        .. new int[][]
        {
            [40, 25, 18, 10, 7],
            [26, 24, 22, 16, 12],
            [16, 18, 26, 23, 17],
            [9, 11, 19, 31, 30],
            [5, 7, 13, 28, 47],
        }.Select(shares => shares.SelectMany((share, i) => Enumerable.Repeat((byte)(i + 1), share)).ToArray()),
    ];

    private static byte[] Wheel(Func<Product, int> weight)
    {
        var total = Products.Sum(weight);
        var wheel = new byte[Slots];
        var (product, reached) = (0, weight(Products[0]));
        for (var slot = 0; slot < Slots; slot++)
        {
            while (slot * total >= reached * Slots)
            {
                reached += weight(Products[++product]);
            }

            wheel[slot] = (byte)(product + 1);
        }

        return wheel;
    }
}

/// <summary>A product; its ID is its position in the list, from 1.</summary>
/// <param name="Category">Its category.</param>
/// <param name="Name">Its name.</param>
/// <param name="Cents">Its unit price in the first year.</param>
/// <param name="Popularity">Its weight in orders.</param>
/// <param name="Stars">Its usual rating, 1 to 5.</param>
internal sealed record Product(string Category, string Name, int Cents, int Popularity, int Stars);
