using System.Text.RegularExpressions;
using Etl.Domain.Runs;

namespace Etl.Domain.Datasets;

/// <summary>
/// The names that a delivered file of one day may have: an exact name, or one in which <c>*</c> stands for any characters;
/// plain, or with the ending of a compression.
/// </summary>
/// <param name="Folder">The folder below the source, such as <c>2025/07</c>; empty for the source itself.</param>
/// <param name="Name">The name in that folder.</param>
public sealed record FilePattern(string Folder, string Name)
{
    private const char Wildcard = '*';

    /// <summary>The endings of compressed files.</summary>
    public static IReadOnlyList<string> Compressed { get; } = [".gz", ".zst", ".zip"];

    /// <summary>Whether several names can match.</summary>
    public bool HasWildcard => Name.Contains(Wildcard, StringComparison.Ordinal);

    /// <summary>The characters before the wildcard.</summary>
    public string Beginning => Name.Split(Wildcard)[0];

    /// <summary>The folder and the name.</summary>
    public string Path => PathOf(Folder, Name);

    /// <summary>The paths that an exact name stands for, the plain one first.</summary>
    public IEnumerable<string> Paths =>
        Compressed.Any(e => Name.EndsWith(e, StringComparison.OrdinalIgnoreCase))
            ? [Path]
            : Compressed.Select(e => Path + e).Prepend(Path);

    /// <summary>A setting with the date in place of its placeholders.</summary>
    public static FilePattern Of(string setting, BusinessDate date)
    {
        var path = DatePlaceholders.Fill(setting, date);
        return new FilePattern(FolderOf(path), path[(path.LastIndexOf('/') + 1)..]);
    }

    /// <summary>A path without the ending of a compression: two paths that are then equal hold the same rows.</summary>
    public static string Uncompressed(string path) =>
        Compressed.FirstOrDefault(e => path.EndsWith(e, StringComparison.OrdinalIgnoreCase)) is { } ending
            ? path[..^ending.Length]
            : path;

    /// <summary>The folder of a path below the source.</summary>
    public static string FolderOf(string path) => path[..Math.Max(path.LastIndexOf('/'), 0)];

    /// <summary>A name in a folder below the source.</summary>
    public static string PathOf(string folder, string name) => folder.Length == 0 ? name : $"{folder}/{name}";

    /// <summary>
    /// Recognizes the names of files in the folder; a caller keeps it for many names. As in a shell, no wildcard begins a
    /// hidden name.
    /// </summary>
    public Func<string, bool> Matcher(bool ignoreCase = false)
    {
        // A part between two wildcards stays where it first occurs, so that no name is searched again and again.
        var parts = Name.Split(Wildcard).Select(Regex.Escape).ToList();
        var between = string.Concat(parts.Skip(1).SkipLast(1).Select(p => $"(?>.*?{p})"));
        var name = HasWildcard ? $"{parts[0]}{between}.*{parts[^1]}" : parts[0];
        var endings = string.Join('|', Compressed.Select(Regex.Escape));
        var expression = new Regex(
            $@"\A{name}({endings})?\z",
            RegexOptions.Singleline
                | RegexOptions.CultureInvariant
                | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None)
        );
        return file => !(Name[0] == Wildcard && file.StartsWith('.')) && expression.IsMatch(file);
    }

    /// <summary>What is wrong with a setting, as the end of a sentence; null if nothing is.</summary>
    public static string? FindError(string setting)
    {
        if (DatePlaceholders.FindWrong(setting) is { } wrong)
        {
            return $"has {wrong}, which is not a date; use {{date}}, or a format such as {{date:yyyyMMdd}} or {{date:yyyy/MM}}";
        }

        var (folder, name) = Of(setting, default);
        return name.Length == 0
            || setting[0] == '/'
            || folder.Split('/').Any(f => folder.Length > 0 && f is "" or "." or "..")
            || name is "." or ".."
                ? "is not the name of a file below the source; use a name such as orders.csv or 2025/orders.csv"
            : folder.Contains(Wildcard, StringComparison.Ordinal)
                ? "has * in the name of a folder; use it in the name of the file only"
            : setting.Any(c => char.IsControl(c) || c is '\\')
                ? "has a character that file names do not have; use / between folders"
            : null;
    }
}
