using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Etl.Application.Runs;

namespace Etl.Infrastructure.Notify;

/// <summary>Writes a message as the JSON that a webhook accepts.</summary>
internal static class WebhookPayload
{
    /// <summary>Slack truncates a text of 40,000 characters; escaping makes it five times as long at most.</summary>
    private const int MaxSlackBytes = 7_500;

    /// <summary>Of the text; each of its lines has an element of its own.</summary>
    private const int MaxTeamsBytes = 8_000;
    private const int MaxTeamsLines = 120;

    /// <summary>The limit of Teams for a request.</summary>
    private const int MaxTeamsRequestBytes = 28 * 1024;

    /// <summary>Never part of a web page, so letters need no escape.</summary>
    private static readonly JsonSerializerOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = JsonSerializerOptions.Default.TypeInfoResolver,
    };

    public static byte[] Write(Message message, WebhookFormat format) =>
        format switch
        {
            WebhookFormat.Slack => Bytes(Slack(message)),
            WebhookFormat.Teams => TeamsBytes(message),
            _ => Bytes(Json(message)),
        };

    private static byte[] Bytes(JsonObject payload) => Encoding.UTF8.GetBytes(payload.ToJsonString(Readable));

    /// <summary>JSON writes some characters in up to six times their bytes, so that a text of such ones is cut again.</summary>
    private static byte[] TeamsBytes(Message message)
    {
        for (var max = MaxTeamsBytes; ; max /= 2)
        {
            if (Bytes(Teams(message, max)) is { Length: < MaxTeamsRequestBytes } payload)
            {
                return payload;
            }
        }
    }

    /// <summary>The key is the same for each attempt, so that a receiver recognizes a message that it has got already.</summary>
    private static JsonObject Json(Message message) =>
        new()
        {
            ["key"] = message.Key,
            ["runId"] = message.RunId?.ToString(),
            ["businessDate"] = message.BusinessDate.ToString(),
            ["outcome"] = MailText.TextOf(message.Outcome),
            ["subject"] = message.Subject,
            ["body"] = message.Body,
        };

    /// <summary>The body is preformatted, so that its characters are no markup and its columns stay aligned.</summary>
    private static JsonObject Slack(Message message)
    {
        var body = LimitedText
            .Fit(message.Body, MaxSlackBytes, "Slack")
            .Replace("```", "'''", StringComparison.Ordinal);
        return new() { ["text"] = $"*{Escape(message.Subject)}*\n```{Escape(body)}```" };
    }

    /// <summary>Slack's three control characters: unescaped they form links and mentions.</summary>
    private static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal);

    private static JsonObject Teams(Message message, int maxBytes)
    {
        var text = LimitedText.Fit(message.Body, maxBytes, "Teams", MaxTeamsLines);
        var body = new JsonArray(Line(message.Subject, isTitle: true));
        foreach (var line in text.TrimEnd().Split('\n'))
        {
            body.Add((JsonNode)Line(line, isTitle: false));
        }

        return new()
        {
            ["type"] = "message",
            ["attachments"] = new JsonArray(
                new JsonObject
                {
                    ["contentType"] = "application/vnd.microsoft.card.adaptive",
                    ["contentUrl"] = null,
                    ["content"] = new JsonObject
                    {
                        ["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json",
                        ["type"] = "AdaptiveCard",
                        ["version"] = "1.4",
                        ["msteams"] = new JsonObject { ["width"] = "Full" },
                        ["body"] = body,
                    },
                }
            ),
        };
    }

    /// <summary>A text run is not read as Markdown, in which names with underscores would lose them.</summary>
    private static JsonObject Line(string line, bool isTitle) =>
        new()
        {
            ["type"] = "RichTextBlock",
            ["spacing"] = "None",
            ["inlines"] = new JsonArray(
                new JsonObject
                {
                    ["type"] = "TextRun",
                    ["text"] = Indented(line),
                    ["weight"] = isTitle ? "Bolder" : "Default",
                }
            ),
        };

    /// <summary>Cards collapse leading blanks, and an empty line has no height.</summary>
    private static string Indented(string line)
    {
        var text = line.TrimStart(' ');
        return text.Length == 0 ? "\u00A0" : new string('\u00A0', line.Length - text.Length) + text;
    }
}
