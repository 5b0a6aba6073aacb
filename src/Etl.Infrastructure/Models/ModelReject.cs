using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Etl.Domain.Datasets;
using Etl.Domain.Quality;
using Etl.Infrastructure.Stage.Csv;

namespace Etl.Infrastructure.Models;

/// <summary>
/// A rejected row of a model as it is stored: a JSON object with the key of the driving row, the column, the code and the values,
/// in place of the record of a file.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="sql">Its columns and key.</param>
internal sealed class ModelReject(Model model, ModelSql sql)
{
    private static readonly JsonWriterOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
    };

    private readonly RecordSplitter splitter = new(FileFormat.Standard, sql.Columns.Count, int.MaxValue - 1);

    public RejectedRow Describe(RejectedRow row)
    {
        var values = ValuesOf(row.Raw.Span);
        var key = values.Where(v => sql.Key.Contains(v.Column)).ToList();
        var shown = key.Select(k => $"{k.Column} {(k.Value is null ? "NULL" : $"'{Excerpt.Of(k.Value)}'")}");
        return row with
        {
            Line = 0,
            Message = $"{row.Message}; {model.Every} {string.Join(", ", shown)}",
            Raw = Write(row, key, values),
        };
    }

    /// <summary>The values of a record; one that is cut off lacks the last of them.</summary>
    private List<(string Column, string? Value)> ValuesOf(ReadOnlySpan<byte> record)
    {
        splitter.Read(record, isLast: true, oneLine: false);
        var values = new List<(string, string?)>();
        for (var i = 0; i < Math.Min(splitter.FieldCount, sql.Columns.Count); i++)
        {
            var value = splitter[i].ValueIn(record);
            values.Add((sql.Columns[i], value.IsEmpty ? null : Encoding.UTF8.GetString(value)));
        }

        return values;
    }

    private static byte[] Write(
        RejectedRow row,
        IEnumerable<(string Column, string? Value)> key,
        IEnumerable<(string Column, string? Value)> values
    )
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, Readable))
        {
            json.WriteStartObject();
            WriteObject(json, "key", key);
            json.WriteString("column", row.Column);
            json.WriteString("code", row.Code.Text());
            WriteObject(json, "row", values);
            json.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }

    private static void WriteObject(
        Utf8JsonWriter json,
        string name,
        IEnumerable<(string Column, string? Value)> members
    )
    {
        json.WriteStartObject(name);
        foreach (var (column, value) in members)
        {
            json.WriteString(column, value);
        }

        json.WriteEndObject();
    }
}
