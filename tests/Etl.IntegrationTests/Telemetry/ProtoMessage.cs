using System.Buffers.Binary;
using System.Text;

namespace Etl.IntegrationTests.Telemetry;

/// <summary>A protocol buffers message by field numbers; enough to read OTLP.</summary>
internal sealed class ProtoMessage
{
    private readonly List<(int Number, ulong Value, byte[] Bytes)> fields = [];

    public ProtoMessage(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var tag = Varint(ref bytes);
            var number = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    fields.Add((number, Varint(ref bytes), []));
                    break;
                case 1:
                    fields.Add((number, BinaryPrimitives.ReadUInt64LittleEndian(bytes), []));
                    bytes = bytes[8..];
                    break;
                case 2:
                    var length = (int)Varint(ref bytes);
                    fields.Add((number, 0, bytes[..length].ToArray()));
                    bytes = bytes[length..];
                    break;
                case 5:
                    fields.Add((number, BinaryPrimitives.ReadUInt32LittleEndian(bytes), []));
                    bytes = bytes[4..];
                    break;
                default:
                    throw new FormatException($"Field {number} is of a kind that is not used any more.");
            }
        }
    }

    public bool Has(int number) => fields.Exists(f => f.Number == number);

    public IEnumerable<ProtoMessage> All(int number) =>
        fields.Where(f => f.Number == number).Select(f => new ProtoMessage(f.Bytes));

    public IEnumerable<ProtoMessage> All(params ReadOnlySpan<int> path)
    {
        IEnumerable<ProtoMessage> found = [this];
        foreach (var number in path)
        {
            found = found.SelectMany(m => m.All(number)).ToList();
        }

        return found;
    }

    public string Text(int number) => Encoding.UTF8.GetString(Bytes(number));

    public string Hex(int number) => Convert.ToHexStringLower(Bytes(number));

    public long Number(int number) => (long)fields.Find(f => f.Number == number).Value;

    /// <summary>OTLP attributes as text.</summary>
    public Dictionary<string, string> Attributes(int number) =>
        All(number)
            .ToDictionary(
                a => a.Text(1),
                a => a.All(2).Single() is var value && value.Has(1) ? value.Text(1) : $"{value.Number(3)}"
            );

    private byte[] Bytes(int number) => fields.Find(f => f.Number == number).Bytes ?? [];

    private static ulong Varint(ref ReadOnlySpan<byte> bytes)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = bytes[0];
            bytes = bytes[1..];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
