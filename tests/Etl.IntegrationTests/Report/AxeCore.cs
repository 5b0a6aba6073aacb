using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Report;

/// <summary>
/// The accessibility rules of axe-core (MPL-2.0), fetched with npm, version and hash pinned; used by tests only and not
/// part of this repository.
/// </summary>
internal static class AxeCore
{
    private const string Version = "4.10.2";
    private const string Sha512 =
        "RE3mdQ7P3FRSe7eqCWoeQ/Z9QXrtniSjp1wUjt5nRC3WIpz5rSCve6o3fsZ2aCpJtrZjSZgjwXAoTO5k4tEI0w==";

    /// <summary>Fetched once for all tests, so that an unreachable registry delays them once.</summary>
    private static readonly Lazy<Task<(byte[]? Package, string Error)>> Fetched = new(FetchAsync);

    public static async Task<string> ScriptAsync()
    {
        var (package, error) = await Fetched.Value;
        if (package is null)
        {
            var missing = $"axe-core {Version}, which this test requires, could not be fetched: {error}";
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", missing);
            Assert.Fail($"{missing} Under CI this test needs npm, and the registry that npm is set to.");
        }

        Convert.ToBase64String(SHA512.HashData(package)).ShouldBe(Sha512, "axe-core is not the one that is pinned.");
        await using var tar = new TarReader(new GZipStream(new MemoryStream(package), CompressionMode.Decompress));
        while (await tar.GetNextEntryAsync() is { } entry)
        {
            if (entry.Name == "package/axe.min.js")
            {
                using var reader = new StreamReader(entry.DataStream!);
                return await reader.ReadToEndAsync();
            }
        }

        throw new InvalidOperationException("The package has no axe.min.js.");
    }

    private static async Task<(byte[]? Package, string Error)> FetchAsync()
    {
        var folder = Directory.CreateTempSubdirectory("etl-axe-").FullName;
        try
        {
            using var npm = Process.Start(
                new ProcessStartInfo("npm", ["pack", "--loglevel=error", "--fetch-retries=1", $"axe-core@{Version}"])
                {
                    WorkingDirectory = folder,
                    UseShellExecute = false,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                }
            )!;
            var output = (await Task.WhenAll(npm.StandardOutput.ReadToEndAsync(), npm.StandardError.ReadToEndAsync()))[
                1
            ];
            await npm.WaitForExitAsync();
            return Directory.GetFiles(folder, "*.tgz") is [var file]
                ? (await File.ReadAllBytesAsync(file), "")
                : (null, $"npm reported '{output.Trim().Split('\n')[0]}'.");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return (null, "there is no npm.");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
