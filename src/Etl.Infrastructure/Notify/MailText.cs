using System.Globalization;
using System.Text;
using Etl.Application.Runs;
using Etl.Domain.Runs;

namespace Etl.Infrastructure.Notify;

/// <summary>Formats a message as a mail, according to RFC 5322 and RFC 2045.</summary>
internal static class MailText
{
    private const int MaxLineBytes = 998; // RFC 5322, 2.1.1

    /// <summary>A name that is unique per run and outcome.</summary>
    public static string NameOf(Message message) =>
        $"{message.RunId?.ToString() ?? $"{message.BusinessDate}-unrecorded"}.{TextOf(message.Outcome)}{DeliveryOf(message)}";

    /// <summary>A day can be delivered again more than once; each delivery has a file of its own.</summary>
    private static string DeliveryOf(Message message) =>
        message is { Outcome: Outcome.Redelivered, Key: { } key } ? $"-{key[(key.LastIndexOf('/') + 1)..][..12]}" : "";

    public static byte[] Write(Message message, NotifyOptions options, DateTimeOffset now)
    {
        var body = message.Body.ReplaceLineEndings("\r\n");
        var encoding = EncodingOf(body);
        var mail = new StringBuilder();
        void Header(string name, string value) => mail.Append(name).Append(": ").Append(OneLine(value)).Append("\r\n");

        Header("Date", now.ToUniversalTime().ToString("ddd, dd MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture));
        Header("From", options.From);
        Header("To", options.To);
        Header("Subject", message.Subject);
        Header("Message-ID", $"<{NameOf(message)}@etl.localhost>");
        Header("X-Etl-Outcome", TextOf(message.Outcome));
        Header("X-Etl-Business-Date", message.BusinessDate.ToString());
        Header("MIME-Version", "1.0");
        Header("Content-Type", "text/plain; charset=utf-8");
        Header("Content-Transfer-Encoding", encoding);
        mail.Append("\r\n");
        mail.Append(
            encoding == "base64"
                ? Convert.ToBase64String(Encoding.UTF8.GetBytes(body), Base64FormattingOptions.InsertLineBreaks)
                : body
        );
        mail.Append(mail[^1] == '\n' ? "" : "\r\n");
        return Encoding.UTF8.GetBytes(mail.ToString());
    }

    private static string EncodingOf(string body)
    {
        if (body.Split("\r\n").Any(l => Encoding.UTF8.GetByteCount(l) > MaxLineBytes))
        {
            return "base64";
        }

        return Ascii.IsValid(body) ? "7bit" : "8bit";
    }

    // A line break would end the header, so that a value could add headers of its own.
    private static string OneLine(string value) =>
        new([
            .. value.Select(c =>
                char.IsControl(c) ? ' '
                : char.IsAscii(c) ? c
                : '?'
            ),
        ]);

    /// <summary>The outcome in headers and message attributes.</summary>
    public static string TextOf(Outcome outcome) =>
        outcome switch
        {
            Outcome.Success => "success",
            Outcome.SuccessWithRejects => "success_with_rejects",
            Outcome.Failure => "failure",
            Outcome.Recovered => "recovered",
            Outcome.Redelivered => "redelivered",
            _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
        };
}
