using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Amazon.S3.Model;
using Etl.Application.Errors;
using Etl.Domain.Datasets;
using Etl.Infrastructure.Aws;
using Etl.Infrastructure.FileSystem;

namespace Etl.Infrastructure.Extensions;

/// <summary>A file of an extension.</summary>
/// <param name="Path">Below the folder, such as <c>marts/returns_by_month.sql</c>.</param>
/// <param name="Location">The full path or address, for messages.</param>
/// <param name="Bytes">The content.</param>
internal sealed record SourceText(string Path, string Location, byte[] Bytes)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, true);

    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(Bytes));

    /// <exception cref="EtlException">The file is not UTF-8.</exception>
    public string Text
    {
        get
        {
            try
            {
                return Strict.GetString(Bytes).TrimStart('\uFEFF').ReplaceLineEndings("\n");
            }
            catch (DecoderFallbackException)
            {
                throw ExtensionErrors.Of($"{Location} is not UTF-8.", "Save it as UTF-8.");
            }
        }
    }
}

/// <summary>
/// Reads the files of a folder or of a bucket's prefix: <c>datasets/*.json</c>, <c>models/*.sql</c>, <c>marts/*.sql</c>,
/// <c>tests/*.sql</c>. Number and size are bounded. Hidden files and files with other endings are ignored.
/// </summary>
internal static partial class ExtensionSource
{
    public const string Datasets = "datasets";
    public const string Marts = "marts";
    public const string Tests = "tests";

    private const int MaxFiles = 200;
    private const int MaxBytes = 256 * 1024;
    private const string Permissions = "s3:GetObject on its objects and s3:ListBucket on its bucket";
    private const string Setting = "Etl:Extensions:Directory";

    private static readonly Dictionary<string, string> Endings = new()
    {
        [Datasets] = ".json",
        [Model.Folder] = ".sql",
        [Marts] = ".sql",
        [Tests] = ".sql",
    };

    /// <summary>Whether a text can be the name of a table, a test or a column.</summary>
    public static bool IsName(string text) => Name().IsMatch(text);

    /// <summary>The folder that a location names; null for none, and for a bucket.</summary>
    public static string? FolderOf(string? location) =>
        string.IsNullOrWhiteSpace(location) || !Location.IsKnown(location) || S3Address.IsS3(location)
            ? null
            : FolderUri.PathOf(location);

    /// <summary>The names that files of a kind have in a folder of this machine, without reading the files.</summary>
    /// <param name="location">The location of the extensions, or null.</param>
    /// <param name="kind">Such as <see cref="Datasets"/>.</param>
    public static IReadOnlyList<string> NamesIn(string? location, string kind)
    {
        try
        {
            return FolderOf(location) is { } folder
                ?
                [
                    .. Directory
                        .EnumerateFiles(Path.Combine(folder, kind), $"*{Endings[kind]}")
                        .Select(f => Path.GetFileNameWithoutExtension(f))
                        .Where(IsName)
                        .Order(StringComparer.Ordinal),
                ]
                : [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>All files by path.</summary>
    /// <exception cref="EtlException">The location cannot be read, or holds too much, or a file in a wrong place.</exception>
    public static async Task<IReadOnlyList<SourceText>> ReadAsync(
        string location,
        S3Options s3,
        CancellationToken cancellationToken
    )
    {
        var files = S3Address.TryParse(location) is { } prefix
            ? await ReadObjectsAsync(prefix, s3, cancellationToken)
            : await ReadFolderAsync(FolderUri.PathOf(location), cancellationToken);
        return [.. files.OrderBy(f => f.Path, StringComparer.Ordinal)];
    }

    private static async Task<List<SourceText>> ReadFolderAsync(string folder, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
        {
            throw ExtensionErrors.Of(
                $"{Setting} is {folder}, which is not a folder.",
                "Create it, or write a first file to it with `etl new dataset NAME`; or correct the setting."
            );
        }

        var reading = folder;
        try
        {
            var paths = new[] { folder }
                .Concat(Endings.Keys.Select(k => Path.Combine(folder, k)).Where(Directory.Exists))
                .SelectMany(Directory.EnumerateFiles)
                .Select(p => Path.GetRelativePath(folder, p).Replace(Path.DirectorySeparatorChar, '/'));
            var files = new List<SourceText>();
            foreach (var path in Selected(paths, folder))
            {
                var full = reading = Path.Combine(folder, path);
                RequireSize(full, new FileInfo(full).Length);
                files.Add(new SourceText(path, full, await File.ReadAllBytesAsync(full, cancellationToken)));
            }

            return files;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ExtensionErrors.Of(
                $"{reading}, of {Setting}, cannot be read.",
                "Check its permissions, and where it leads if it is a link; then run again.",
                exception
            );
        }
    }

    private static async Task<List<SourceText>> ReadObjectsAsync(
        S3Address prefix,
        S3Options options,
        CancellationToken cancellationToken
    )
    {
        using var s3 = new S3Access(Microsoft.Extensions.Options.Options.Create(options));
        var root = prefix.Key.Length == 0 ? "" : $"{prefix.Key}/";
        try
        {
            var request = new ListObjectsV2Request { BucketName = prefix.Bucket, Prefix = root };
            var found = new Dictionary<string, long>();
            do
            {
                var page = await s3.Client.ListObjectsV2Async(request, cancellationToken);
                foreach (var entry in page.S3Objects ?? [])
                {
                    found[entry.Key[root.Length..]] = entry.Size ?? 0;
                }

                request.ContinuationToken = page.NextContinuationToken;
            } while (request.ContinuationToken is not null && found.Count <= MaxFiles);

            var files = new List<SourceText>();
            foreach (var path in Selected(found.Keys, prefix.ToString()))
            {
                var place = prefix.Below(path);
                RequireSize(place.ToString(), found[path]);
                files.Add(new SourceText(path, place.ToString(), await ReadAsync(s3, place, cancellationToken)));
            }

            return files.Count > 0
                ? files
                : throw ExtensionErrors.Of(
                    $"{Setting} is {prefix}, which holds no extension.",
                    $"Upload the folders {string.Join(", ", Endings.Keys)} to it, or remove the setting."
                );
        }
        catch (Exception exception) when (AwsErrorClassifier.IsAwsError(exception, cancellationToken))
        {
            throw S3Errors.Explain(ErrorCode.Configuration, prefix, Permissions, Setting, exception);
        }
    }

    /// <summary>At most one byte more than allowed, whatever the listing said.</summary>
    private static async Task<byte[]> ReadAsync(S3Access s3, S3Address place, CancellationToken cancellationToken)
    {
        using var response = await s3.Client.GetObjectAsync(place.Bucket, place.Key, cancellationToken);
        var buffer = new byte[MaxBytes + 1];
        var length = await response.ResponseStream.ReadAtLeastAsync(buffer, buffer.Length, false, cancellationToken);
        RequireSize(place.ToString(), length);
        return buffer[..length];
    }

    /// <summary>The files to read; one that has the ending of an extension in a wrong place is an error.</summary>
    private static List<string> Selected(IEnumerable<string> paths, string location)
    {
        var selected = new List<string>();
        foreach (var path in paths.Where(p => !p.Split('/').Any(s => s.StartsWith('.'))))
        {
            var parts = path.Split('/');
            var ending = Path.GetExtension(path);
            if (parts.Length == 2 && Endings.GetValueOrDefault(parts[0]) == ending)
            {
                selected.Add(path);
            }
            else if (Endings.ContainsValue(ending))
            {
                throw ExtensionErrors.Of(
                    $"{location} has the file {path}, which is in none of {string.Join(", ", Endings.Select(e => $"{e.Key}/*{e.Value}"))}.",
                    "Move it to its folder, or remove it."
                );
            }
        }

        return selected.Count <= MaxFiles
            ? selected
            : throw ExtensionErrors.Of(
                $"{location} has more than {MaxFiles} files.",
                "Remove files, or split them into several deployments."
            );
    }

    [GeneratedRegex("^[a-z_][a-z0-9_]{0,49}$", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    private static void RequireSize(string file, long bytes)
    {
        if (bytes > MaxBytes)
        {
            throw ExtensionErrors.Of($"{file} has more than {MaxBytes} bytes.", "Make it smaller.");
        }
    }
}
