using Etl.Application.Extract;
using Etl.Application.Runs;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;
using Etl.Infrastructure.FileSystem;

namespace Etl.Infrastructure.Extract;

/// <summary>Reads snapshots from a folder.</summary>
internal sealed class FolderSource(string location) : ISourceStore
{
    public string Describe(BusinessDate date) => DatePlaceholders.Fill(location, date);

    public Task<SourceFile?> FindAsync(
        BusinessDate date,
        IReadOnlyList<string> fileNames,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        var folder = FolderUri.PathOf(Describe(date));
        RequireFolder(folder);
        foreach (var name in fileNames)
        {
            var path = Path.Combine(folder, name);
            if (FileVersion.Pin(path) is { } version && HasExactName(path))
            {
                return Task.FromResult<SourceFile?>(FileOf(path, version) with { Folder = FilePattern.FolderOf(name) });
            }
        }

        return Task.FromResult<SourceFile?>(null);
    }

    public Task<IReadOnlyList<string>> ListAsync(
        BusinessDate date,
        string folder,
        string beginning,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        var path = Path.Combine(FolderUri.PathOf(Describe(date)), folder);
        try
        {
            var names = Directory
                .EnumerateFiles(path)
                .Select(f => Path.GetFileName(f))
                .Where(f => f.StartsWith(beginning, StringComparison.Ordinal))
                .Take(ISourceStore.MaxListed + 1)
                .Order(StringComparer.Ordinal)
                .ToList();
            return names.Count <= ISourceStore.MaxListed
                ? Task.FromResult<IReadOnlyList<string>>(names)
                : throw SourceErrors.TooMany(Path.Combine(path, beginning));
        }
        catch (DirectoryNotFoundException)
        {
            return Task.FromResult<IReadOnlyList<string>>([]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw SourceErrors.Unreadable(path, exception);
        }
    }

    public Task<SourceFile> PinAsync(string location, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var path = FolderUri.PathOf(location);
        var version = FileVersion.Pin(path) ?? throw SourceErrors.NotFound(path);
        return Task.FromResult(FileOf(path, version));
    }

    public Task<Stream> OpenAsync(SourceFile file, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var path = FolderUri.PathOf(file.Uri);
        var stream = new PinnedStream(
            file,
            FileVersion.Open(path) ?? throw SourceErrors.Changed(file, "it was deleted")
        );
        try
        {
            Verify(file, path);
            return Task.FromResult<Stream>(stream);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    public Task VerifyUnchangedAsync(SourceFile file, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Verify(file, FolderUri.PathOf(file.Uri));
        return Task.CompletedTask;
    }

    private static SourceFile FileOf(string path, FileVersion version) =>
        new(FolderUri.Of(path), Path.GetFileName(path), version.ToString(), version.Bytes)
        {
            ModifiedAt = DateTimeOffset.UnixEpoch.AddTicks(version.ChangedAt / TimeSpan.NanosecondsPerTick),
        };

    private static void Verify(SourceFile file, string path)
    {
        var now = FileVersion.Pin(path) ?? throw SourceErrors.Changed(file, "it was deleted");
        if (now.ToString() != file.Version)
        {
            throw SourceErrors.Changed(file, "it was written or replaced");
        }
    }

    private static void RequireFolder(string folder)
    {
        if (File.Exists(folder))
        {
            throw SourceErrors.Missing($"The source is a file, not a folder: {folder}");
        }

        if (!Directory.Exists(folder))
        {
            throw SourceErrors.Missing($"The source folder does not exist, or this user cannot open it: {folder}");
        }
    }

    // On case-insensitive file systems Orders.csv also opens orders.csv; the name in the folder must match exactly.
    private static bool HasExactName(string path) =>
        OperatingSystem.IsLinux()
        || Directory
            .EnumerateFileSystemEntries(
                Path.GetDirectoryName(path)!,
                Path.GetFileName(path),
                new EnumerationOptions
                {
                    MatchCasing = MatchCasing.CaseInsensitive,
                    AttributesToSkip = FileAttributes.None,
                }
            )
            .Any(e => string.Equals(Path.GetFileName(e), Path.GetFileName(path), StringComparison.Ordinal));
}
