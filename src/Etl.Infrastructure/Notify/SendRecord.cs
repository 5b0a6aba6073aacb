using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Etl.Infrastructure.Notify;

/// <summary>Whether a message was sent.</summary>
internal enum SendState
{
    /// <summary>An invocation is sending it, until its deadline.</summary>
    Sending,

    /// <summary>The topic has it.</summary>
    Sent,

    /// <summary>The topic did not accept it; it can be sent again at once.</summary>
    Refused,
}

/// <summary>The record of a message in the bucket.</summary>
/// <param name="State">Whether it was sent.</param>
/// <param name="Sender">The attempt, so that it recognizes its own record.</param>
/// <param name="Until">When the attempt is over, because the platform has ended its invocation.</param>
/// <param name="MessageId">The ID of the topic; null until it was sent.</param>
internal sealed record SendRecord(SendState State, string Sender, DateTimeOffset Until, string? MessageId = null)
{
    private const int SenderLength = 32;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter<SendState>(JsonNamingPolicy.SnakeCaseLower) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>The record of a new attempt.</summary>
    public static SendRecord Begin(DateTimeOffset until) =>
        new(SendState.Sending, RandomNumberGenerator.GetHexString(SenderLength, lowercase: true), until);

    /// <summary>A record that cannot be read counts as sent: a person wrote it, and a message cannot be taken back.</summary>
    public static SendRecord Parse(byte[] json)
    {
        try
        {
            return JsonSerializer.Deserialize<SendRecord>(json, Json) ?? Unreadable;
        }
        catch (JsonException)
        {
            return Unreadable;
        }
    }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    private static SendRecord Unreadable { get; } = new(SendState.Sent, "", DateTimeOffset.MaxValue);
}
