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

    /// <summary>Parts that are looked up at once: a bucket answers each request by itself.</summary>
    private const int PinnedAtOnce = 16;

    private readonly ConcurrentDictionary<(string Folder, string Beginning), Task<IReadOnlyList<string>>> lists = new();

    /// <summary>The files of a dataset in the order of their paths: one, or its parts; none if it is missing.</summary>
    /// <exception cref="EtlException">Several files have one of the dataset's names, and are not its parts.</exception>
    public async Task<IReadOnlyList<SourceFile>> FindAsync(Dataset dataset)
    {
        var (pinned, listed) = await LookUpAsync(dataset);
        RequireParts(dataset, [.. pinned.Select(f => f.Path).Concat(listed).Order(StringComparer.Ordinal)]);
        return await PinAsync(pinned, listed);
    }

    /// <summary>The one file of a dataset that has no parts; null if it is missing.</summary>
    /// <exception cref="EtlException">Several files have one of its names.</exception>
    public async Task<SourceFile?> FindOneAsync(Dataset dataset) => (await FindAsync(dataset)).SingleOrDefault();

    /// <summary>All files with a name of the dataset, in the order of their paths.</summary>
    public async Task<IReadOnlyList<SourceFile>> FindAllAsync(Dataset dataset)
    {
        var (pinned, listed) = await LookUpAsync(dataset);
        return await PinAsync(pinned, listed);
    }

    /// <summary>Whether a path is a name of the dataset on this day.</summary>
    public bool IsNameOf(Dataset dataset, string path) =>
        dataset.FilesOf(date).Any(p => Matches(p, [NameOf(path)]).Contains(path));

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

    /// <summary>The files with exact names, and the paths of those that were listed.</summary>
    private async Task<(IReadOnlyList<SourceFile> Pinned, IReadOnlyList<string> Listed)> LookUpAsync(Dataset dataset)
    {
        var patterns = dataset.FilesOf(date);
        var exact = await FindExactAsync([.. patterns.Where(p => !p.HasWildcard).SelectMany(p => p.Paths)]);
        var paths = new HashSet<string>();
        foreach (var pattern in patterns.Where(p => p.HasWildcard))
        {
            paths.UnionWith(Matches(pattern, await ListAsync(pattern.Folder, pattern.Beginning)));
        }

        if (paths.Count == 0 && exact.Count == 0)
        {
            paths = await FindInOtherCaseAsync(patterns);
        }

        paths.ExceptWith(exact.Select(f => f.Path));
        return (exact, [.. paths]);
    }

    private void RequireParts(Dataset dataset, IReadOnlyList<string> paths)
    {
        var isOnePartTwice = paths.DistinctBy(FilePattern.Uncompressed).Count() < paths.Count;
        if (paths.Count > 1 && (dataset.Parts == FileParts.One || isOnePartTwice))
        {
            throw new EtlException(ArrivalErrors.Ambiguous(dataset, paths, source.Describe(date)));
        }

        var others = paths.Where(p => !IsDated(dataset, p) && IsOfOtherDay(p)).ToList();
        if (paths.Count > 1 && others.Count > 0)
        {
            throw new EtlException(ArrivalErrors.OtherDays(dataset, others, date, source.Describe(date)));
        }
    }

    /// <summary>Whether the name or the source of a file states the day, so that a file of another day has another one.</summary>
    public bool IsDated(Dataset dataset, string path) =>
        dataset
            .FileNames.Where(n => Matches(FilePattern.Of(n, date), [NameOf(path)], ignoreCase: true).Contains(path))
            .All(n => DatePlaceholders.IsDaily(d => $"{source.Describe(d)}/{DatePlaceholders.Fill(n, d)}"));

    /// <summary>Whether a path contains another date.</summary>
    private bool IsOfOtherDay(string path) =>
        DatePlaceholders.Suggest(path) is { } pattern && DatePlaceholders.Fill(pattern, date) != path;

    private static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>A file that is gone since it was listed is none of the day's.</summary>
    private async Task<IReadOnlyList<SourceFile>> PinAsync(
        IReadOnlyList<SourceFile> pinned,
        IReadOnlyList<string> listed
    )
    {
        if (listed.Count == 0)
        {
            return [.. pinned.OrderBy(f => f.Path, StringComparer.Ordinal)];
        }

        var found = new SourceFile?[listed.Count];
        await Parallel.ForAsync(
            0,
            listed.Count,
            new ParallelOptions { MaxDegreeOfParallelism = PinnedAtOnce, CancellationToken = cancellationToken },
            async (i, stop) => found[i] = await source.FindAsync(date, [listed[i]], stop)
        );
        return [.. pinned.Concat(found.OfType<SourceFile>()).OrderBy(f => f.Path, StringComparer.Ordinal)];
    }

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
