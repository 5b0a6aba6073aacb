using System.Security.Cryptography;
using Etl.Application.Extract;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Hosts.Console.Samples;
using Etl.Infrastructure.Extract;
using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Chaos;

/// <summary>Errors of source, lake and mail during a run.</summary>
public sealed class FileFaultTests(PostgresServer server)
{
    private static readonly string HalfWay =
        $"analytics_export/business_date={Workplace.Day}/run=20250630-001/daily_orders.csv";

    [Theory]
    [InlineData("rewritten")]
    [InlineData("cut off")]
    [InlineData("grown")]
    [InlineData("replaced")]
    [InlineData("deleted")]
    public async Task A_source_that_changes_while_it_is_read_fails_the_run_and_publishes_nothing(string how)
    {
        CitusCluster.Excludes("a coordinator takes the file in before the nodes take its rows");
        // Larger than the buffers between reader and server, so that the end of the file is not read yet.
        using var folder = new TempFolder();
        SampleWriter.Write(new SampleOptions(folder["large"], Orders: 100_000), default);
        await using var place = await Workplace.CreateAsync(server, folder["large"], migrated: true);
        var path = Path.Combine(place.Source, "orders.csv");
        var before = await File.ReadAllBytesAsync(path);
        EtlProcess run;
        await using (var brake = await Brake.SetAsync(place.Database, BreakPoint.MiddleOfLoad))
        {
            run = await EtlProcess.RunAsync(
                place.Folder,
                async process =>
                {
                    await brake.ReachedAsync(process);
                    Change(path, how, before);
                    await brake.DisposeAsync();
                },
                place.RunLine()
            );
        }

        run.ShouldFail(3, "orders.csv");
        run.Json.GetProperty("error").GetProperty("code").GetString().ShouldBe("source_changed");
        await place.ShouldHaveNothingPublishedAsync();
        await File.WriteAllBytesAsync(path, before);
        (await place.RunAsync()).ExitCode.ShouldBe(0);
        (await place.QueryAsync<long>("select count(*) from staging.orders")).ShouldBe(100_000);
        var hash = Convert.ToHexStringLower(SHA256.HashData(before));
        (await place.QueryAsync<string>("select sha256 from etl.run_files where dataset = 'orders'")).ShouldBe(hash);
    }

    [Fact]
    public async Task A_source_slower_than_the_lease_keeps_its_run()
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        await using var host = new Hosted(
            place,
            change: s => s.AddSingleton<ISourceStore>(new SlowSource(place)),
            settings: ("Run:LeaseSeconds", "2")
        );
        (await host.RunAsync()).Status.ShouldBe(SummaryStatus.Succeeded);
        await place.ShouldHoldTheDayAsync(server);
    }

    [Fact]
    public async Task A_source_whose_stream_breaks_is_read_again()
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        await using var host = new Hosted(
            place,
            change: s => s.AddSingleton<ISourceStore>(new TornSource(place.Source))
        );
        (await host.RunAsync()).Status.ShouldBe(SummaryStatus.Succeeded);
        await place.ShouldHoldTheDayAsync(server);
    }

    [Fact]
    public async Task A_lake_that_refuses_a_file_halfway_keeps_the_publish_and_gets_its_export_from_the_next_start()
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        Directory.CreateDirectory(Path.Combine(place.Lake, HalfWay));
        (await place.RunAsync()).ShouldFail(6, "daily_orders.csv");
        await ShouldBePublishedOnlyAsync(place);
        Directory.Delete(Path.Combine(place.Lake, HalfWay));
        await place.ShouldRecoverAsync(server);
    }

    [Fact]
    public async Task A_lake_whose_disk_is_full_keeps_the_publish_and_gets_its_export_from_the_next_start()
    {
        using var disk = SmallDisk.Mount("24k");
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        Directory.CreateSymbolicLink(place.Lake, disk.Folder);
        (await place.RunAsync("--Etl:Run:Retries=0")).ShouldFail(6, "is full");
        await ShouldBePublishedOnlyAsync(place);
        disk.Resize("64m");
        await place.ShouldRecoverAsync(server);
    }

    [Fact]
    public async Task A_mail_folder_that_is_a_file_fails_no_run_and_the_next_start_sends_the_message()
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        var mail = Path.Combine(place.Folder, "mail");
        await File.WriteAllTextAsync(mail, "in the way");
        var run = await place.RunAsync($"--Etl:Notify:Directory={mail}");
        run.ExitCode.ShouldBe(0, run.Error);
        run.Json.GetProperty("warnings").EnumerateArray().ShouldContain(w => w.GetString()!.Contains("was not sent"));
        (await place.QueryAsync<long>("select count(*) from etl.messages where sent_at is null")).ShouldBe(1);
        File.Delete(mail);
        var next = await place.RunAsync($"--Etl:Notify:Directory={mail}");
        next.Json.GetProperty("status").GetString().ShouldBe("already_done");
        Directory.GetFiles(mail).Select(Path.GetFileName).ShouldBe(["20250630-001.success.eml"]);
        await place.ShouldHoldTheDayAsync(server);
    }

    private static async Task ShouldBePublishedOnlyAsync(Workplace place)
    {
        (await place.RowsAsync("(select status, exported_at is null, lease_owner from etl.runs)")).ShouldBe([
            "(succeeded,t,)",
        ]);
        (await place.QueryAsync<long>("select count(*) from staging.orders")).ShouldBe(2000);
        Directory.GetFiles(place.Lake, "manifest.json", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    private static void Change(string path, string how, byte[] before)
    {
        switch (how)
        {
            case "rewritten":
                File.WriteAllBytes(path, before);
                break;
            case "cut off":
                using (var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
                {
                    file.SetLength(before.Length / 2);
                }

                break;
            case "grown":
                File.AppendAllText(path, "2001,1,2025-01-01,1,1,1,1\n");
                break;
            case "replaced":
                File.WriteAllBytes($"{path}.new", before);
                File.Move($"{path}.new", path, overwrite: true);
                break;
            default:
                File.Delete(path);
                break;
        }
    }

    /// <summary>Delays the first bytes of the orders until the lease was renewed twice.</summary>
    private sealed class SlowSource(Workplace place) : SourceAround(place.Source)
    {
        protected override async Task<Stream> AroundAsync(SourceFile file, Stream stream)
        {
            const string Leased = "select extract(epoch from max(lease_until))::text from etl.runs";
            for (var renewed = 0; file.FileName == "orders.csv" && renewed < 2; renewed++)
            {
                var first = await place.QueryAsync<string>(Leased);
                await Until.TrueAsync(
                    async () => await place.QueryAsync<string>(Leased) != first,
                    "The lease was not renewed."
                );
            }

            return stream;
        }
    }

    /// <summary>Breaks each file in the middle once.</summary>
    private sealed class TornSource(string folder) : SourceAround(folder)
    {
        private readonly HashSet<string> torn = [];

        protected override Task<Stream> AroundAsync(SourceFile file, Stream stream)
        {
            bool first;
            lock (torn)
            {
                first = torn.Add(file.FileName);
            }

            return Task.FromResult(first ? new BreakingStream(stream, file.Bytes / 2, file) : stream);
        }
    }

    private abstract class SourceAround(string folder) : ISourceStore
    {
        private readonly FolderSource inner = new(folder);

        public string Describe(BusinessDate date) => inner.Describe(date);

        public Task<SourceFile?> FindAsync(BusinessDate date, IReadOnlyList<string> names, CancellationToken token) =>
            inner.FindAsync(date, names, token);

        public Task<SourceFile> PinAsync(string path, CancellationToken cancellationToken) =>
            inner.PinAsync(path, cancellationToken);

        public async Task<Stream> OpenAsync(SourceFile file, CancellationToken token) =>
            await AroundAsync(file, await inner.OpenAsync(file, token));

        public Task VerifyUnchangedAsync(SourceFile file, CancellationToken token) =>
            inner.VerifyUnchangedAsync(file, token);

        protected abstract Task<Stream> AroundAsync(SourceFile file, Stream stream);
    }
}
