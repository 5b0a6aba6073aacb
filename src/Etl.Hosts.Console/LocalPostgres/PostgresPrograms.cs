using System.Globalization;
using System.Text.RegularExpressions;
using Etl.Application.Errors;

namespace Etl.Hosts.Console.LocalPostgres;

/// <summary>A folder with <c>postgres</c>, <c>initdb</c> and <c>pg_ctl</c> of one version.</summary>
internal sealed partial record PostgresPrograms(string Bin, int Major)
{
    private const int MinMajor = 13;
    private static readonly string[] Names = ["postgres", "initdb", "pg_ctl"];

    public string InitDb => PathOf(Bin, "initdb");
    public string PgCtl => PathOf(Bin, "pg_ctl");

    /// <summary>The programs of the version of the data, otherwise the first that are found.</summary>
    public static async Task<PostgresPrograms> FindAsync(
        LocalPostgresOptions options,
        ServerUser user,
        int? dataVersion,
        IProgress<string>? progress,
        CancellationToken cancellationToken
    )
    {
        var found = new List<PostgresPrograms>();
        foreach (var folder in Folders(options))
        {
            if (await ProbeAsync(folder, user, cancellationToken) is not { } programs)
            {
                continue;
            }

            if (dataVersion is null || programs.Major == dataVersion)
            {
                return programs;
            }

            found.Add(programs);
        }

        if (options.Download && options.BinDirectory is null && NpmPrograms.Default.Supports(dataVersion))
        {
            var folder = await NpmPrograms.Default.DownloadAsync(progress, cancellationToken);
            if (folder is not null && await ProbeAsync(folder, user, cancellationToken) is { } downloaded)
            {
                return downloaded;
            }
        }

        throw found.Count > 0 ? OtherVersion(found, dataVersion, ServerFolders.Of(options)) : Missing(options);
    }

    private static async Task<PostgresPrograms?> ProbeAsync(
        string folder,
        ServerUser user,
        CancellationToken cancellationToken
    )
    {
        if (!Names.All(p => File.Exists(PathOf(folder, p))))
        {
            return null;
        }

        var result = await ProcessRunner.RunAsync(
            PathOf(folder, "postgres"),
            ["--version"],
            user,
            OperatingSystem.IsWindows() ? folder : "/",
            cancellationToken
        );
        var version = Version().Match(result.Output);
        return
            result.ExitCode == 0
            && version.Success
            && int.Parse(version.Groups["major"].Value, CultureInfo.InvariantCulture) is var major and >= MinMajor
            ? new PostgresPrograms(folder, major)
            : null;
    }

    private static IEnumerable<string> Folders(LocalPostgresOptions options)
    {
        if (!string.IsNullOrWhiteSpace(options.BinDirectory))
        {
            return [Path.GetFullPath(options.BinDirectory)];
        }

        return PathFolders().Concat(PackageFolders.All()).Distinct();
    }

    private static IEnumerable<string> PathFolders()
    {
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
        {
            var program = folder.Length == 0 ? "" : PathOf(folder, "postgres");
            if (program.Length == 0 || !File.Exists(program))
            {
                continue;
            }

            // Resolves links: the other programs and the libraries are beside the target.
            var target =
                File.ResolveLinkTarget(program, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(program);
            yield return Path.GetDirectoryName(target)!;
        }
    }

    private static string PathOf(string folder, string program) =>
        Path.Combine(folder, OperatingSystem.IsWindows() ? $"{program}.exe" : program);

    private static EtlException Missing(LocalPostgresOptions options) =>
        string.IsNullOrWhiteSpace(options.BinDirectory)
            ? new EtlException(
                ErrorCode.DatabaseUnreachable,
                "No connection string is set, and PostgreSQL is not installed on this machine.",
                $"Install it with `{PackageFolders.InstallCommand()}`, or set Etl:Postgres:ConnectionString."
            )
            : new EtlException(
                ErrorCode.Configuration,
                $"Etl:LocalPostgres:BinDirectory does not contain postgres, initdb and pg_ctl of version {MinMajor} or later: "
                    + options.BinDirectory,
                "Set it to the folder that contains them, or remove the setting."
            );

    private static EtlException OtherVersion(List<PostgresPrograms> found, int? dataVersion, ServerFolders folders) =>
        new(
            ErrorCode.Configuration,
            $"The data in {folders.Data} is of PostgreSQL {dataVersion}, and only PostgreSQL "
                + $"{string.Join(", ", found.Select(p => p.Major).Distinct())} is installed.",
            $"Install PostgreSQL {dataVersion} again, or move {folders.Root} away to start with an empty database."
        );

    [GeneratedRegex(@"\(PostgreSQL\) (?<major>[0-9]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Version();
}
