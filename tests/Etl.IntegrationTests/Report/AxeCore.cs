using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Report;

/// <summary>
/// The accessibility rules of axe-core (MPL-2.0), fetched with npm, version and hash pinned; used by tests only, and no
/// part of this repository.
/// </summary>
internal static class AxeCore
{
    private const string Version = "4.10.2";
    private const string Sha512 =
        "RE3mdQ7P3FRSe7eqCWoeQ/Z9QXrtniSjp1wUjt5nRC3WIpz5rSCve6o3fsZ2aCpJtrZjSZgjwXAoTO5k4tEI0w==";

    public static async Task<string> ScriptAsync()
    {
        var folder = Directory.CreateTempSubdirectory("etl-axe-").FullName;
        try
        {
            var package = await FetchAsync(folder);
            if (package is null)
            {
                (Environment.GetEnvironmentVariable("CI") == "true").ShouldBeFalse("npm could not fetch axe-core.");
                Assert.Skip("npm could not fetch axe-core, whose rules this test goes by.");
            }

            Convert.ToBase64String(SHA512.HashData(package)).ShouldBe(Sha512);
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
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<byte[]?> FetchAsync(string folder)
    {
        try
        {
            using var npm = Process.Start(
                new ProcessStartInfo("npm", ["pack", "--silent", $"axe-core@{Version}"])
                {
                    WorkingDirectory = folder,
                    UseShellExecute = false,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                }
            )!;
            await Task.WhenAll(npm.StandardOutput.ReadToEndAsync(), npm.StandardError.ReadToEndAsync());
            await npm.WaitForExitAsync();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }

        return Directory.GetFiles(folder, "*.tgz") is [var file] ? await File.ReadAllBytesAsync(file) : null;
    }
}
