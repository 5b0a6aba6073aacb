using System.Collections.Concurrent;
using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;

namespace Etl.Application.Extract;

/// <summary>
/// One look at the files of a day. A file is found by its exact name. Only a pattern with a wildcard, and a name that is
/// missing, list the one folder that they name.
/// </summary>
internal sealed class DayFiles(
    ISourceStore source,
    BusinessDate date,
    DeliveryOptions delivery,
    CancellationToken cancellationToken
)
{
    private const int MaxSimilar = 3;

    private readonly ConcurrentDictionary<(string Folder, string Beginning), Task<IReadOnlyList<string>>> lists = new();

    /// <summary>The one file of a dataset; null if it is missing.</summary>
    /// <exception cref="EtlException">Several files have one of the dataset's names; none of them is preferred.</exception>
    public async Task<SourceFile?> FindAsync(Dataset dataset)
    {
        var patterns = dataset.FilesOf(date);
        var exact = await FindExactAsync([.. patterns.Where(p => !p.HasWildcard).SelectMany(p => p.Paths)]);
        var paths = exact.Select(f => f.Path).ToHashSet();
        foreach (var pattern in patterns.Where(p => p.HasWildcard))
        {
            paths.UnionWith(Matches(pattern, await ListAsync(pattern.Folder, pattern.Beginning)));
        }

        if (paths.Count == 0)
        {
            paths = await FindInOtherCaseAsync(patterns);
        }

        return paths.Count > 1
                ? throw new EtlException(ArrivalErrors.Ambiguous(dataset, [.. paths], source.Describe(date)))
            : exact.Count == 1 ? exact[0]
            : paths.Count == 0 ? null
            : await source.FindAsync(date, [.. paths], cancellationToken);
    }

    /// <summary>Whether a path is a name of the dataset on this day.</summary>
    public bool IsNameOf(Dataset dataset, string path) =>
        dataset.FilesOf(date).Any(p => Matches(p, [path[(path.LastIndexOf('/') + 1)..]]).Contains(path));

    /// <summary>The error of a missing file, with names of files that are there instead.</summary>
    public async Task<EtlError> MissingAsync(Dataset dataset)
    {
        var patterns = dataset.FilesOf(date);
        var similar = new List<string>();
        foreach (var folder in patterns.GroupBy(p => p.Folder))
        {
            var stems = folder.Select(p => p.Beginning.Split('.', '_', '-')[0]).Where(s => s.Length > 0).ToList();
            similar.AddRange(
                (await ListIfPossibleAsync(folder.Key))
                    .Where(f => stems.Exists(s => f.StartsWith(s, StringComparison.OrdinalIgnoreCase)))
                    .Where(f => !f.Any(char.IsControl))
                    .Select(f => FilePattern.PathOf(folder.Key, f))
            );
        }

        return ArrivalErrors.Missing(dataset, date, source.Describe(date), [.. similar.Take(MaxSimilar)]);
    }

    /// <summary>The warning of a missing file that is not required.</summary>
    public string Absent(Dataset dataset) => ArrivalErrors.Absent(dataset, date, source.Describe(date));

    private async Task<List<SourceFile>> FindExactAsync(List<string> paths)
    {
        var found = new List<SourceFile>();
        while (paths.Count > 0 && await source.FindAsync(date, paths, cancellationToken) is { } file)
        {
            found.Add(file);
            paths = [.. paths.SkipWhile(p => p != file.Path).Skip(1)];
        }

        return found;
    }

    private async Task<HashSet<string>> FindInOtherCaseAsync(IReadOnlyList<FilePattern> patterns)
    {
        var paths = new HashSet<string>();
        foreach (var pattern in patterns)
        {
            paths.UnionWith(Matches(pattern, await ListIfPossibleAsync(pattern.Folder), ignoreCase: true));
        }

        return paths;
    }

    private IEnumerable<string> Matches(FilePattern pattern, IEnumerable<string> names, bool ignoreCase = false)
    {
        var isName = pattern.Matcher(ignoreCase);
        return names
            .Where(n => isName(n) && !(pattern.HasWildcard && IsSidecar(n)))
            .Select(n => FilePattern.PathOf(pattern.Folder, n));
    }

    /// <summary>What a sender delivers beside the files has names that a wildcard can match.</summary>
    public bool IsSidecar(string name) =>
        name == delivery.Marker
        || name == delivery.Control
        || name == ChecksumFile.ListName
        || name.EndsWith(".sha256", StringComparison.OrdinalIgnoreCase)
        || name.EndsWith(".md5", StringComparison.OrdinalIgnoreCase);

    private Task<IReadOnlyList<string>> ListAsync(string folder, string beginning) =>
        lists.GetOrAdd((folder, beginning), l => source.ListAsync(date, l.Folder, l.Beginning, cancellationToken));

    /// <summary>A folder with too many files, or without permission to list it, has no names to compare.</summary>
    private async Task<IReadOnlyList<string>> ListIfPossibleAsync(string folder)
    {
        try
        {
            return await ListAsync(folder, "");
        }
        catch (EtlException exception) when (!exception.Error.Retryable)
        {
            return [];
        }
    }
}
