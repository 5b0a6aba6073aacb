using System.Text.RegularExpressions;

namespace Etl.Application.Options;

/// <summary>
/// What may be shown of a configured or typed text. A URL is shown as scheme, host and port. Any other text is shown only
/// where it cannot hold user information, a connection string or a part of one; otherwise it is not shown at all.
/// </summary>
public static partial class SafeText
{
    /// <summary>What a URL that cannot be parsed is called.</summary>
    public const string UnknownUrl = "the URL";

    private const int MaxValueLength = 64;
    private const int MaxTimeLength = 32;
    private const string ValueMarks = "-_.:/+,@";
    private const string TimeMarks = "-:.+TZ";

    private static readonly HashSet<string> Schemes = new(StringComparer.OrdinalIgnoreCase)
    {
        "http",
        "https",
        "smtp",
        "smtps",
        "s3",
        "gs",
        "abfs",
        "abfss",
        "file",
        "ftp",
        "ftps",
        "sftp",
        "postgres",
        "postgresql",
    };

    /// <summary>
    /// Scheme, host and port, as <c>http://collector:4318</c>; never user information, path, query or fragment. An
    /// <c>@</c> that can belong to a password with reserved characters makes the URL one that cannot be parsed.
    /// </summary>
    public static string Url(string? text) =>
        text is not null
        && Address().Match(text) is { Success: true } address
        && Schemes.Contains(address.Groups["scheme"].Value)
            ? $"{address.Groups["scheme"].Value}://{address.Groups["server"].Value}"
            : UnknownUrl;

    /// <summary>
    /// A bad value as an error shows it: <c>'plenty'</c>, <c>http://collector:4318</c>, or <c>a value that is not shown</c>.
    /// </summary>
    public static string Value(string? text) =>
        text is null ? "empty"
        : text.Contains("://", StringComparison.Ordinal)
            ? Url(text) is var url && url != UnknownUrl ? url
                : "a URL that is not shown"
        : IsPlain(text) ? $"'{text}'"
        : "a value that is not shown";

    /// <summary>A typed number, date, time or run ID in quotes; any other text is called <c>the value</c>.</summary>
    public static string TimeOrId(string text) =>
        text.Length is > 0 and <= MaxTimeLength
        && char.IsAsciiDigit(text[0])
        && text.All(c => char.IsAsciiDigit(c) || TimeMarks.Contains(c, StringComparison.Ordinal))
            ? $"'{text}'"
            : "the value";

    /// <summary>Whether a path or address holds user information, or a connection string stands in its place.</summary>
    public static bool MayHoldSecret(string location) => UserInformation().IsMatch(location);

    private static bool IsPlain(string text) =>
        text.Length <= MaxValueLength
        && text.All(c => char.IsLetterOrDigit(c) || ValueMarks.Contains(c, StringComparison.Ordinal))
        && !(text.Contains('@', StringComparison.Ordinal) && text.Contains(':', StringComparison.Ordinal));

    [GeneratedRegex(
        @"\A(?<scheme>[A-Za-z][A-Za-z0-9+.-]*)://([^@/?#\\\s]*@)?"
            + @"(?<server>([A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:[0-9]{1,5})?)([/?#][^@]*)?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Address();

    [GeneratedRegex(
        @"(pass(word|wd|phrase)?|pwd|secret)\s*=|\A([A-Za-z0-9+.-]+://|/{2})?[^/\\]*:[^/\\]*@|\Afile://[^/].*@",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.Singleline
    )]
    private static partial Regex UserInformation();
}
