using System.Text;
using System.Text.Json;

namespace Etl.Infrastructure.Extensions;

/// <summary>A value of a JSON file that knows where it stands. Comments and trailing commas are allowed.</summary>
/// <param name="Kind">Object, array, string, number, true, false or null.</param>
/// <param name="Text">The text of a string, and any other single value as it is written.</param>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Column">Its first character in the line, from 1.</param>
internal sealed record JsonItem(JsonValueKind Kind, string Text, int Line, int Column)
{
    private const int MaxDepth = 8;

    /// <summary>The members of an object, in the order of the file.</summary>
    public IReadOnlyList<(JsonItem Name, JsonItem Value)> Members { get; private init; } = [];

    /// <summary>The items of an array.</summary>
    public IReadOnlyList<JsonItem> Items { get; private init; } = [];

    public bool IsText => Kind == JsonValueKind.String;

    /// <summary>The value of a member, or null.</summary>
    public JsonItem? Find(string name) => Members.FirstOrDefault(m => m.Name.Text == name).Value;

    /// <exception cref="JsonException">The bytes are not one JSON value; it has the place.</exception>
    public static JsonItem Parse(byte[] bytes)
    {
        var content = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes.AsSpan(3) : bytes;
        var options = new JsonReaderOptions
        {
            CommentHandling = JsonCommentHandling.Skip,
            AllowTrailingCommas = true,
            MaxDepth = MaxDepth,
        };
        var reader = new Utf8JsonReader(content, options);
        reader.Read();
        var item = Read(ref reader, content);
        // A second value, or anything else behind the first, is an error of the reader.
        reader.Read();
        return item;
    }

    private static JsonItem Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> content)
    {
        var item = At(ref reader, content);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartArray:
                var items = new List<JsonItem>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(Read(ref reader, content));
                }

                return item with
                {
                    Items = items,
                };
            case JsonTokenType.StartObject:
                var members = new List<(JsonItem, JsonItem)>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var name = At(ref reader, content);
                    reader.Read();
                    members.Add((name, Read(ref reader, content)));
                }

                return item with
                {
                    Members = members,
                };
            default:
                return item;
        }
    }

    private static JsonItem At(ref Utf8JsonReader reader, ReadOnlySpan<byte> content)
    {
        var before = content[..(int)reader.TokenStartIndex];
        var line = before[(before.LastIndexOf((byte)'\n') + 1)..];
        var (kind, text) = reader.TokenType switch
        {
            JsonTokenType.StartObject => (JsonValueKind.Object, ""),
            JsonTokenType.StartArray => (JsonValueKind.Array, ""),
            JsonTokenType.String or JsonTokenType.PropertyName => (JsonValueKind.String, reader.GetString()!),
            JsonTokenType.Number => (JsonValueKind.Number, Encoding.UTF8.GetString(reader.ValueSpan)),
            JsonTokenType.True => (JsonValueKind.True, "true"),
            JsonTokenType.False => (JsonValueKind.False, "false"),
            _ => (JsonValueKind.Null, "null"),
        };
        return new JsonItem(kind, text, before.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(line) + 1);
    }
}
