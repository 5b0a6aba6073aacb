using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Lambda;

/// <summary>The scripts that build and check the image, with engines that answer as docker and podman do.</summary>
public sealed class BuildImageTests : IDisposable
{
    private const string Manifest = "application/vnd.oci.image.manifest.v1+json";
    private const string Index = "application/vnd.oci.image.index.v1+json";

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Docker_builds_one_manifest_for_the_architecture_of_the_function()
    {
        var built = await RunAsync("docker", "build/image shop/etl:1", Manifest);

        built.ExitCode.ShouldBe(0, built.Error);
        built.Out.ShouldContain($"shop/etl:1: linux/amd64, {Manifest}");
        var command = Calls().Single(c => c.StartsWith("build ", StringComparison.Ordinal));
        command.ShouldStartWith("build --platform linux/amd64 --provenance=false --sbom=false ");
        command.ShouldMatch("--build-arg REVISION=[0-9a-f]{40} ");
        command.ShouldMatch("--build-arg CREATED=20[0-9]{2}-[0-9]{2}-[0-9]{2}T");
    }

    [Fact]
    public void The_compiler_runs_on_the_machine_that_builds_and_every_host_is_restored_by_its_lock_file()
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "Dockerfile"));
        var stages = lines.Where(l => l.StartsWith("FROM ", StringComparison.Ordinal)).ToList();

        stages.ShouldBe(["FROM --platform=$BUILDPLATFORM ${SDK_IMAGE} AS build", "FROM ${RUNTIME_IMAGE}"]);
        // The publish finds the packages of both hosts in place, and adds .NET and its compilers.
        var build = lines
            .Where(l => l.Contains("dotnet restore", StringComparison.Ordinal) || l.Contains("dotnet publish"))
            .ToList();
        build.Count.ShouldBe(2);
        build[0].ShouldContain("for host in Console Lambda; do dotnet restore src/Etl.Hosts.$host --locked-mode ");
        build[1].ShouldStartWith("    && dotnet publish src/Etl.Hosts.Lambda ");
    }

    [Fact]
    public async Task Podman_builds_for_the_architecture_of_the_function()
    {
        var built = await RunAsync("podman", "build/image shop/etl:1", Manifest);

        built.ExitCode.ShouldBe(0, built.Error);
        var command = Calls().Single(c => c.StartsWith("build ", StringComparison.Ordinal));
        command.ShouldStartWith("build --platform linux/amd64 ");
        command.ShouldNotContain("--provenance");
    }

    [Theory]
    [InlineData(Index, "linux/amd64", "which Lambda refuses")]
    [InlineData("application/vnd.docker.distribution.manifest.list.v2+json", "linux/amd64", "which Lambda refuses")]
    [InlineData(Manifest, "linux/arm64", "the function needs linux/amd64")]
    public async Task An_image_that_Lambda_refuses_is_found_before_it_is_pushed(
        string media,
        string platform,
        string why
    )
    {
        foreach (var engine in new[] { "docker", "podman" })
        {
            var check = await RunAsync(engine, "build/check-image shop/etl:1", media, platform);

            check.ExitCode.ShouldBe(1);
            check.Error.ShouldContain(why);
            check.Error.ShouldContain("build/image");
            check.Out.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task A_build_whose_image_Lambda_refuses_fails() =>
        (await RunAsync("docker", "build/image shop/etl:1", Index)).ExitCode.ShouldBe(1);

    private List<string> Calls() => [.. File.ReadAllLines(folder["calls"])];

    private async Task<EtlProcess> RunAsync(string engine, string script, string media, string platform = "linux/amd64")
    {
        // The index of an OCI archive has a media type of its own, which is not the image's.
        var index = $$"""{"schemaVersion":2,"mediaType":"{{Index}}","manifests":[{"mediaType":"{{media}}"}]}""";
        folder.Write("index.json", index);
        var fake = $$$"""
            #!/bin/bash
            echo "$@" >>'{{{folder.Root}}}/calls'
            case "$1 $2 $4" in
              'image inspect {{.ManifestType}}') echo '{{{media}}}' ;;
              'image inspect '*) echo '{{{platform}}}' ;;
              'images '*) echo '100 MB' ;;
              'save '*) tar -c -C '{{{folder.Root}}}' index.json ;;
            esac
            """;
        TempFolder.Allow(folder.Write(engine, fake), (UnixFileMode)0b111_101_101);
        var environment =
            $"export PATH='{folder.Root}':$PATH ENGINE={engine}; unset SDK_IMAGE RUNTIME_IMAGE BUILD_OPTIONS";
        return await EtlProcess.RunFromAsync($"{environment}; {script}", Repository.Root);
    }
}
