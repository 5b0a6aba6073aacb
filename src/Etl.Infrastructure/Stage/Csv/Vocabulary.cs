namespace Etl.Infrastructure.Stage.Csv;

/// <summary>
/// The words by which shops name what the columns hold. A header names a column if it has one word for each part of the
/// column's name: <c>Bestellnummer</c> and <c>Order No.</c> have one for "order" and one for "id".
/// </summary>
internal static class Vocabulary
{
    private static readonly string[] Total =
    [
        "total",
        "sum",
        "amount",
        "sales",
        "revenue",
        "gesamt",
        "summe",
        "betrag",
        "umsatz",
    ];

    /// <summary>Words for a part of a column's name, in lower case, in English and German.</summary>
    private static readonly Dictionary<string, string[]> Words = new()
    {
        ["order"] = ["order", "purchase", "bestell", "auftrag"],
        ["customer"] = ["customer", "client", "buyer", "user", "kunde", "email"],
        ["product"] = ["product", "item", "article", "sku", "stock", "produkt", "artikel"],
        ["shipment"] = ["shipment", "ship", "fulfil", "dispatch", "tracking", "carrier", "versand", "sendung"],
        ["delivery"] = ["deliver", "arriv", "received", "liefer", "zustell"],
        ["review"] = ["review", "rating", "score", "stars", "bewertung"],
        ["id"] = ["id", "number", "no", "nr", "code", "key", "nummer", "sku", "email"],
        ["date"] = ["date", "day", "time", "created", "datum", "tag", "_at", " at"],
        ["unit"] = ["price", "preis", "unit"],
        ["price"] = ["price", "cost", "preis", .. Total],
        ["quantity"] = ["quantity", "qty", "units", "count", "menge", "anzahl"],
        ["total"] = Total,
    };

    /// <summary>What a row can be about.</summary>
    private static readonly string[] Subjects = ["order", "customer", "product", "shipment", "delivery", "review"];

    /// <summary>How well a header names a column.</summary>
    public static NameMatch Match(string column, string header)
    {
        var name = header.ToLowerInvariant();
        var parts = column.Split('_');
        var found = parts.Select(p => Has(name, p)).ToList();
        return found.TrueForAll(f => f) ? NameMatch.Full
            : found[0] ? NameMatch.Subject
            : !found.Contains(true) ? NameMatch.None
            : Subjects.Except(parts).Any(s => Has(name, s)) ? NameMatch.OtherSubject
            : NameMatch.Part;
    }

    /// <summary>The price of one unit is not called a total.</summary>
    private static bool Has(string header, string part) =>
        Words.GetValueOrDefault(part, [part]).Any(word => header.Contains(word, StringComparison.Ordinal))
        && (part != "unit" || !Total.Any(word => header.Contains(word, StringComparison.Ordinal)));
}

/// <summary>How well a header names a column.</summary>
internal enum NameMatch
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>It has a word for some part of the name, and one for another subject: <c>Order Date</c> for delivery_date.</summary>
    OtherSubject,

    /// <summary>It has a word for some part of the name.</summary>
    Part,

    /// <summary>It has a word for the first part, what the column is about: <c>Order</c> for order_id.</summary>
    Subject,

    /// <summary>It has a word for every part.</summary>
    Full,
}
