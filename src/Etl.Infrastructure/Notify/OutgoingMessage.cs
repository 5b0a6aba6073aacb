using System.Text.Json;
using System.Text.Json.Serialization;
using Etl.Application.Runs;

namespace Etl.Infrastructure.Notify;

/// <summary>A message as a topic receives it.</summary>
/// <param name="Subject">ASCII, at most 99 characters, one line.</param>
/// <param name="Body">Plain text of any length.</param>
/// <param name="Attributes">String attributes for the filter policies of subscriptions.</param>
internal sealed record OutgoingMessage(
    [property: JsonPropertyName("subject")] string Subject,
    [property: JsonPropertyName("body")] string Body,
    [property: JsonPropertyName("attributes")] IReadOnlyDictionary<string, string> Attributes
)
{
    private const string Pipeline = "etl";

    private static readonly JsonSerializerOptions Json = new()
    {
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        WriteIndented = true,
    };

    public static OutgoingMessage Of(Message message) =>
        new(
            message.Subject,
            message.Body,
            new SortedDictionary<string, string>(StringComparer.Ordinal)
            {
                ["business_date"] = message.BusinessDate.ToString(),
                ["outcome"] = MailText.TextOf(message.Outcome),
                ["pipeline"] = Pipeline,
            }
        );

    /// <exception cref="JsonException">The bytes are not the JSON of a message.</exception>
    public static OutgoingMessage Parse(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<OutgoingMessage>(json, Json) ?? throw new JsonException("The message is null.");

    /// <summary>The same bytes for the same message.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Json);
}
