using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Etl.Domain.Datasets;

namespace Etl.Infrastructure.Stage.Csv;

/// <summary>
/// Encodes the key of a row as bytes that are equal exactly where the keys are: eight bytes for a number, a length and the
/// bytes for a text, the bytes alone where the key is one text. NULL equals NULL. Not thread-safe: one buffer holds the last key.
/// </summary>
internal sealed class RowKey(Dataset dataset)
{
    private readonly int[] indexes = [.. dataset.KeyIndexes];
    private readonly Column[] columns = [.. dataset.KeyColumns];
    private readonly bool isText = dataset.KeyColumns.ToList() is [{ Nullable: false, Type.IsText: true }];
    private byte[] buffer = new byte[64];

    /// <summary>Whether the key is one number above 0, which <see cref="IdSet"/> stores as a few bits.</summary>
    public static bool IsId(Dataset dataset) =>
        dataset.KeyColumns.ToList() is [{ Nullable: false, Type.IsPositive: true }];

    /// <summary>Most bytes of a key.</summary>
    public int MaxBytes => columns.Sum(c => c.Type.IsText ? sizeof(int) + c.Type.MaxBytes : sizeof(long));

    /// <summary>The columns' names, for messages and the quarantine.</summary>
    public string Names => string.Join(", ", dataset.Key);

    /// <summary>The key of a row; valid until the next call.</summary>
    public ReadOnlySpan<byte> Encode(ReadOnlySpan<long> row, ReadOnlySpan<byte> text)
    {
        if (isText)
        {
            return Row.TextOf(row[indexes[0]], text);
        }

        var length = 0;
        for (var i = 0; i < indexes.Length; i++)
        {
            var value = row[indexes[i]];
            if (columns[i].Type.IsText)
            {
                Add(value == Row.Null ? null : Row.TextOf(value, text), value == Row.Null, ref length);
            }
            else
            {
                BinaryPrimitives.WriteInt64LittleEndian(Room(length, sizeof(long)), value);
                length += sizeof(long);
            }
        }

        return buffer.AsSpan(0, length);
    }

    /// <summary>The same key, from values of the database; see <see cref="FieldType.ToRowValue"/>.</summary>
    /// <param name="values">A <see cref="long"/>, a <see cref="string"/> or null for each key column.</param>
    public byte[] Encode(IReadOnlyList<object?> values)
    {
        if (isText)
        {
            return Encoding.UTF8.GetBytes((string)values[0]!);
        }

        var length = 0;
        for (var i = 0; i < columns.Length; i++)
        {
            if (columns[i].Type.IsText)
            {
                Add(Encoding.UTF8.GetBytes(values[i] as string ?? ""), values[i] is null, ref length);
            }
            else
            {
                BinaryPrimitives.WriteInt64LittleEndian(Room(length, sizeof(long)), values[i] as long? ?? Row.Null);
                length += sizeof(long);
            }
        }

        return buffer.AsSpan(0, length).ToArray();
    }

    /// <summary>An encoded key as the values of <see cref="Encode(IReadOnlyList{object})"/>.</summary>
    public object?[] Values(ReadOnlySpan<byte> encoded)
    {
        if (isText)
        {
            return [Encoding.UTF8.GetString(encoded)];
        }

        var values = new object?[columns.Length];
        for (var i = 0; i < columns.Length; i++)
        {
            if (columns[i].Type.IsText)
            {
                var length = BinaryPrimitives.ReadInt32LittleEndian(encoded);
                encoded = encoded[sizeof(int)..];
                values[i] = length < 0 ? null : Encoding.UTF8.GetString(encoded[..length]);
                encoded = encoded[Math.Max(length, 0)..];
            }
            else
            {
                var number = BinaryPrimitives.ReadInt64LittleEndian(encoded);
                values[i] = number == Row.Null ? null : number;
                encoded = encoded[sizeof(long)..];
            }
        }

        return values;
    }

    /// <summary>The values as a message shows them.</summary>
    public string Describe(ReadOnlySpan<long> row, ReadOnlySpan<byte> text) =>
        string.Join(
            ", ",
            Values(Encode(row, text))
                .Select(
                    (v, i) =>
                        v switch
                        {
                            null => "NULL",
                            long number => $"'{columns[i].Type.Format(number)}'",
                            _ => Excerpt.Of(Encoding.UTF8.GetBytes(Convert.ToString(v, CultureInfo.InvariantCulture)!)),
                        }
                )
        );

    private void Add(ReadOnlySpan<byte> text, bool isNull, ref int length)
    {
        BinaryPrimitives.WriteInt32LittleEndian(Room(length, sizeof(int)), isNull ? -1 : text.Length);
        length += sizeof(int);
        text.CopyTo(Room(length, text.Length));
        length += text.Length;
    }

    private Span<byte> Room(int start, int length)
    {
        if (buffer.Length - start < length)
        {
            Array.Resize(ref buffer, Math.Max(buffer.Length * 2, start + length));
        }

        return buffer.AsSpan(start, length);
    }
}
