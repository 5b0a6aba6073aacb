using System.Globalization;
using System.Text;
using Etl.Domain;
using Etl.Domain.Datasets;

namespace Etl.Hosts.Console.Samples;

/// <summary>
/// Writes the ids of the invented shop: numbers, or text as shops have it: <c>#1001</c> for an order, <c>SKU-022</c> for a
/// product, a UUID for a customer, <c>S00000042</c> for a shipment.
/// </summary>
internal sealed class ShopIds(DatasetCatalog datasets)
{
    private readonly bool[] isText = [.. Enum.GetValues<IdOf>().Select(id => datasets.TypeOf(id).IsText)];

    public void Put(RowBuffer row, IdOf id, long number)
    {
        if (isText[(int)id])
        {
            row.Put(Encoding.UTF8.GetBytes(TextOf(id, number)));
        }
        else
        {
            row.Put(number);
        }
    }

    /// <summary>The id as it is written.</summary>
    public string TextOf(IdOf id, long number) =>
        id switch
        {
            _ when !isText[(int)id] => number.ToString(CultureInfo.InvariantCulture),
            IdOf.Order => $"#{(1000 + number).ToString(CultureInfo.InvariantCulture)}",
            IdOf.Product => $"SKU-{number.ToString("000", CultureInfo.InvariantCulture)}",
            IdOf.Shipment => $"S{number.ToString("00000000", CultureInfo.InvariantCulture)}",
            _ => Uuid(number).ToString(),
        };

    /// <summary>Always the same for a number, and different for each.</summary>
    private static Guid Uuid(long number)
    {
        Span<byte> bytes = stackalloc byte[16];
        var random = new Xoshiro(number, stream: 7);
        for (var i = 0; i < 8; i++)
        {
            bytes[i] = (byte)random.Below(256);
        }

        BitConverter.TryWriteBytes(bytes[8..], number);
        bytes[8..].Reverse();
        return new Guid(bytes, bigEndian: true);
    }
}
