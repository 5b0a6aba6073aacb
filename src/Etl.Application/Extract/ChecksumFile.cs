using System.Text.RegularExpressions;
using Etl.Application.Errors;
using Etl.Application.Runs;

namespace Etl.Application.Extract;

/// <summary>The text that <c>sha256sum</c> or <c>md5sum</c> writes: a hash, and a file's name in most cases.</summary>
internal static partial class ChecksumFile
{
    /// <summary>Name of the file that lists the SHA-256 hashes of several files.</summary>
    public const string ListName = "SHA256SUMS";

    private const int Sha256Length = 64;
    private const int Md5Length = 32;

    /// <summary>What each line states, by the name in it; the name is empty for a hash alone.</summary>
    /// <exception cref="EtlException">A line is neither empty, nor a comment, nor a hash.</exception>
    public static IReadOnlyList<(string Name, StatedContent Content)> Parse(SourceFile from, string text, bool md5)
    {
        var length = md5 ? Md5Length : Sha256Length;
        var lines = new List<(string Name, StatedContent Content)>();
        foreach (var (number, line) in SidecarText.Lines(text).Where(l => !l.Text.StartsWith('#')))
        {
            var match = Line().Match(line);
            if (!match.Success || match.Groups["hash"].Length != length)
            {
                var hash = md5 ? "an MD5" : "a SHA-256";
                throw DeliveryErrors.Unusable(from, $"line {number} does not start with {hash} hash in hexadecimal");
            }

            var value = match.Groups["hash"].Value.ToLowerInvariant();
            var content = md5 ? new StatedContent(from.Path, Md5: value) : new StatedContent(from.Path, value);
            lines.Add((NameOf(match.Groups["name"].Value), content));
        }

        return lines.Count > 0 ? lines : throw DeliveryErrors.Unusable(from, "it is empty");
    }

    /// <summary>The content of <c>NAME.sha256</c> or <c>NAME.md5</c>; a single line applies whatever its name.</summary>
    /// <exception cref="EtlException">A line is not a hash, or several lines have other names.</exception>
    public static StatedContent ParseOf(SourceFile file, SourceFile from, string text, bool md5)
    {
        var lines = Parse(from, text, md5);
        return lines.Count == 1
            ? lines[0].Content
            : lines.FirstOrDefault(l => l.Name == file.FileName).Content
                ?? throw DeliveryErrors.Unusable(
                    from,
                    $"it has {lines.Count} hashes, none with the name {file.FileName}"
                );
    }

    private static string NameOf(string written) =>
        written.StartsWith("./", StringComparison.Ordinal) ? written[2..] : written;

    /// <summary>GNU's line: the hash, a blank, a blank or an asterisk, the name. A backslash marks an escaped name.</summary>
    [GeneratedRegex(@"^\\?(?<hash>[0-9A-Fa-f]+)(?:\s+\*?(?<name>\S.*))?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Line();
}
