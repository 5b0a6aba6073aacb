using System.Security.Cryptography;
using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Infrastructure.Aws;

namespace Etl.Infrastructure.Notify;

/// <summary>The prefix of a bucket with one object for each message, <c>KEY.json</c>, and a record of each sent one.</summary>
/// <param name="root">The prefix.</param>
internal sealed class MessageObjects(S3Address root)
{
    /// <summary>The setting that names the prefix.</summary>
    public const string Setting = "Etl:Notify:MessagesUri";

    private const string Permissions = "s3:PutObject and s3:GetObject on it";
    private const string Extension = ".json";
    private const string Sent = "sent";
    private const int HashLength = 16;

    public static MessageObjects Of(NotifyOptions options) => new(S3Address.Parse(options.MessagesUri!));

    /// <summary>The object of a message. A message without a key, which no ledger stores, is identified by its content.</summary>
    public S3Address PlaceOf(Message message, byte[] json) =>
        root.Below(Escape(message.Key ?? Hash(message, json)) + Extension);

    /// <summary>The key of the message that an object holds; null for any other object.</summary>
    public string? KeyOf(S3Address place)
    {
        var folder = root.Below("").Key;
        var isMessage =
            place.Bucket == root.Bucket
            && place.Key.StartsWith(folder, StringComparison.Ordinal)
            && place.Key.EndsWith(Extension, StringComparison.Ordinal);
        return isMessage && !IsRecord(place) ? place.Key[folder.Length..^Extension.Length] : null;
    }

    /// <summary>Whether an object records that a message was sent.</summary>
    public bool IsRecord(S3Address place) =>
        place.Bucket == root.Bucket && place.Key.StartsWith(root.Below($"{Sent}/").Key, StringComparison.Ordinal);

    /// <summary>The object that records that a message was sent; without an extension, so that a suffix filter excludes it.</summary>
    public S3Address RecordOf(string key) => root.Below($"{Sent}/{key}");

    /// <summary>The pattern of the objects, for messages to people.</summary>
    public override string ToString() => root.Below($"*{Extension}").ToString();

    /// <param name="retry">Who sends the message again, such as <c>the next start sends the message</c>.</param>
    /// <param name="place">The object.</param>
    /// <param name="exception">The SDK's exception.</param>
    public static EtlException Explain(string retry, S3Address place, Exception exception) =>
        S3Errors.Explain(ErrorCode.Notify, place, Permissions, Setting, exception, retry);

    private static string Escape(string key) => string.Join('/', key.Split('/').Select(Uri.EscapeDataString));

    private static string Hash(Message message, byte[] json) =>
        $"{message.BusinessDate}/unrecorded/{Convert.ToHexStringLower(SHA256.HashData(json))[..HashLength]}";
}
