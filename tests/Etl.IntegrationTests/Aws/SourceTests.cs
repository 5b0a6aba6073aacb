using System.Security.Cryptography;
using Etl.Application.Errors;
using Etl.Application.Extract;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Infrastructure.Extract;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Aws;

public sealed class SourceTests(MotoServer server)
{
    private const int Size = 600_000;
    private static readonly BusinessDate Day = BusinessDate.Parse("2025-06-30");
    private static readonly byte[] Bytes = [.. Enumerable.Range(0, Size).Select(i => (byte)(i * 7 % 251))];

    /// <summary>Content that differs from the pinned object in its ETag only.</summary>
    private static readonly byte[] OthersOfTheSameSize = [.. Bytes.Select(b => (byte)(b + 1))];

    [Fact]
    public async Task A_file_is_found_by_its_exact_key_and_the_prefix_can_contain_the_date()
    {
        await using var bucket = await Bucket.CreateAsync(server);
        foreach (var key in new[] { "orders.csv.bak", "old/orders.csv", "Orders.csv", "orders.csv" })
        {
            await bucket.PutAsync($"in/2025-06-30/{key}", [(byte)key.Length]);
        }

        // More than the thousand that one page of a listing holds, and all of them before the file.
        await Parallel.ForAsync(
            0,
            1_050,
            async (number, _) => await bucket.PutAsync($"in/2025-06-30/a{number}.csv", [0])
        );

        var source = bucket.Source(location: $"s3://{bucket.Name}/in/{{date}}/");
        var file = await source.FindAsync(Day, ["nothing.csv", "orders.csv"], default);

        file.ShouldNotBeNull();
        (file.Uri, file.FileName, file.Bytes).ShouldBe(
            ($"s3://{bucket.Name}/in/2025-06-30/orders.csv", "orders.csv", 1)
        );
        (await ReadAsync(source, file)).ShouldBe([(byte)"orders.csv".Length]);
        (await source.FindAsync(Day, ["reviews.csv"], default)).ShouldBeNull();
    }

    [Fact]
    public async Task Keys_of_one_prefix_are_listed_page_by_page_without_those_below()
    {
        await using var bucket = await Bucket.CreateAsync(server);
        await Parallel.ForAsync(0, 1_050, async (number, _) => await bucket.PutAsync($"in/07/a_{number}.csv", [0]));
        foreach (var key in new[] { "", "A_1.csv", "b.csv", "a_sub/a_1.csv" })
        {
            await bucket.PutAsync($"in/07/{key}", []);
        }

        var source = bucket.Source();

        (await source.ListAsync(Day, "07", "a_", default)).Count.ShouldBe(1_050);
        (await source.ListAsync(Day, "07", "", default)).Count.ShouldBe(1_052);
        (await source.ListAsync(Day, "08", "", default)).ShouldBeEmpty();
        (await source.FindAsync(Day, ["07/b.csv"], default))!.Path.ShouldBe("07/b.csv");
    }

    [Fact]
    public async Task A_pinned_version_is_read_even_if_there_is_a_newer_one()
    {
        await using var bucket = await Bucket.CreateAsync(server);
        var (source, file) = await PinAsync(bucket);
        await bucket.PutAsync("in/orders.csv", [1, 2, 3]);

        (await ReadAsync(source, file)).ShouldBe(Bytes);
        await source.VerifyUnchangedAsync(file, default);
    }

    [Fact]
    public async Task Without_versioning_an_object_replaced_after_it_was_pinned_is_a_changed_source()
    {
        await using var bucket = await Bucket.CreateAsync(server, versioned: false);
        var (source, file) = await PinAsync(bucket);
        await source.VerifyUnchangedAsync(file, default);
        await bucket.PutAsync("in/orders.csv", OthersOfTheSameSize);

        (await CodeOfAsync(() => ReadAsync(source, file))).ShouldBe(ErrorCode.SourceChanged);
        (await CodeOfAsync(() => source.VerifyUnchangedAsync(file, default))).ShouldBe(ErrorCode.SourceChanged);
    }

    [Fact]
    public async Task Without_versioning_an_object_replaced_during_the_read_is_a_changed_source()
    {
        await using var bucket = await Bucket.CreateAsync(server, versioned: false);
        await using var proxy = new FaultyProxy(bucket.Moto);
        var (source, file) = await PinAsync(bucket, proxy.Endpoint);
        proxy.Inject("GET ", HttpFault.Torn(200_000), 1);
        await using var stream = await source.OpenAsync(file, default);
        await stream.ReadExactlyAsync(new byte[100_000]);
        await bucket.PutAsync("in/orders.csv", OthersOfTheSameSize);

        (await CodeOfAsync(() => stream.CopyToAsync(Stream.Null))).ShouldBe(ErrorCode.SourceChanged);
        proxy.Seen.ShouldContain(line => line.Contains("Range: bytes="));
    }

    [Fact]
    public async Task A_deleted_version_is_a_changed_source()
    {
        await using var bucket = await Bucket.CreateAsync(server);
        var (source, file) = await PinAsync(bucket);
        await bucket.Client.DeleteObjectAsync(bucket.Name, "in/orders.csv", file.Version);

        (await CodeOfAsync(() => ReadAsync(source, file))).ShouldBe(ErrorCode.SourceChanged);
    }

    [Fact]
    public async Task An_interrupted_response_continues_at_the_first_missing_byte()
    {
        await using var bucket = await Bucket.CreateAsync(server);
        await using var proxy = new FaultyProxy(bucket.Moto);
        var (source, file) = await PinAsync(bucket, proxy.Endpoint);
        proxy.Inject("GET ", HttpFault.Torn(150_000), 1);
        proxy.Inject("GET ", HttpFault.Hanging(150_000), 1);
        proxy.Inject("GET ", HttpFault.InPieces(700), 1);

        (await ReadAsync(source, file)).ShouldBe(Bytes);

        var gets = proxy.Seen.Where(l => l.StartsWith("GET ", StringComparison.Ordinal)).ToList();
        gets.Count.ShouldBe(3);
        gets.ShouldAllBe(l => l.Contains($"versionId={file.Version}"));
        gets[0].ShouldNotContain("Range");
        var starts = gets.Skip(1).Select(g => int.Parse(g.Split("bytes=")[1].Split('-')[0], null)).ToList();
        starts[0].ShouldBeInRange(140_000, 150_000);
        starts[1].ShouldBeInRange(starts[0] + 140_000, starts[0] + 150_000);
    }

    [Fact]
    public async Task A_response_with_another_range_is_an_error_and_no_byte_is_read_twice()
    {
        await using var bucket = await Bucket.CreateAsync(server);
        await using var proxy = new FaultyProxy(bucket.Moto);
        var (source, file) = await PinAsync(bucket, proxy.Endpoint);
        proxy.Inject("GET ", HttpFault.Torn(200_000), 1);
        proxy.Inject("GET ", HttpFault.Without("Range"));

        var exception = await ErrorOfAsync(() => ReadAsync(source, file));

        (exception.Code, exception.Retryable).ShouldBe((ErrorCode.SourceUnreadable, true));
        exception.Message.ShouldContain($"closed the connection: {file.Uri}");
    }

    [Fact]
    public async Task Names_that_are_missing_from_a_bucket_cost_one_request_more_than_one_each()
    {
        await using var bucket = await Bucket.CreateAsync(server);
        await using var proxy = new FaultyProxy(bucket.Moto);

        (await bucket.Source(proxy.Endpoint).FindAsync(Day, ["a.csv", "b.csv", "c.csv"], default)).ShouldBeNull();

        proxy.Seen.Select(l => l.Split(' ')[0]).ShouldBe(["HEAD", "GET", "HEAD", "HEAD"]);
    }

    [Fact]
    public async Task An_object_written_before_versioning_is_pinned_by_its_ETag()
    {
        await using var bucket = await Bucket.CreateAsync(server, versioned: false);
        await bucket.PutAsync("in/orders.csv", Bytes);
        await bucket.KeepVersionsAsync();
        var source = bucket.Source();
        var file = (await source.FindAsync(Day, ["orders.csv"], default))!;

        file.Version.ShouldStartWith("\"");
        (await ReadAsync(source, file)).ShouldBe(Bytes);
        await bucket.PutAsync("in/orders.csv", OthersOfTheSameSize);
        (await CodeOfAsync(() => source.VerifyUnchangedAsync(file, default))).ShouldBe(ErrorCode.SourceChanged);
    }

    [Theory]
    [InlineData(500, "InternalError")]
    [InlineData(503, "SlowDown")]
    public async Task An_error_of_the_service_is_retried(int status, string code)
    {
        await using var bucket = await Bucket.CreateAsync(server);
        await using var proxy = new FaultyProxy(bucket.Moto);
        proxy.Inject("HEAD ", HttpFault.Error(status, code), 2);
        proxy.Inject("GET ", HttpFault.Error(status, code), 2);
        var (source, file) = await PinAsync(bucket, proxy.Endpoint);

        (await ReadAsync(source, file)).ShouldBe(Bytes);
    }

    [Fact]
    public async Task A_response_that_always_fails_ends_in_a_retryable_error()
    {
        await using var bucket = await Bucket.CreateAsync(server);
        await using var proxy = new FaultyProxy(bucket.Moto);
        var (source, file) = await PinAsync(bucket, proxy.Endpoint);
        proxy.Inject("GET ", HttpFault.Torn(100));

        var exception = await ErrorOfAsync(() => ReadAsync(source, file));

        exception.Code.ShouldBe(ErrorCode.SourceUnreadable);
        exception.Retryable.ShouldBeTrue();
        exception.Message.ShouldContain(file.Uri);
    }

    [Theory]
    [InlineData(403, "AccessDenied", "was denied", "s3:GetObject")]
    [InlineData(403, "InvalidAccessKeyId", "credentials", "AWS_*")]
    [InlineData(403, "RequestTimeTooSkewed", "clock", "Synchronize the clock")]
    [InlineData(403, "InvalidObjectState", "archived", "Restore")]
    [InlineData(301, "PermanentRedirect", "not in the region", "AWS_REGION")]
    [InlineData(400, "AuthorizationHeaderMalformed", "not in the region", "AWS_REGION")]
    [InlineData(400, "KMS.DisabledException", "KMS key", "enabled")]
    [InlineData(404, "NoSuchBucket", "does not exist", "Etl:Source:Uri")]
    [InlineData(400, "InvalidRequest", "rejected", "(InvalidRequest)")]
    [InlineData(503, "SlowDown", "could not process", "Health")]
    public async Task Each_error_states_its_cause_and_the_next_step(int status, string code, string what, string next)
    {
        await using var bucket = await Bucket.CreateAsync(server);
        await bucket.PutAsync("in/orders.csv", Bytes);
        await using var proxy = new FaultyProxy(bucket.Moto);
        proxy.Inject("/orders.csv", HttpFault.Error(status, code));

        var exception = await ErrorOfAsync(() => bucket.Source(proxy.Endpoint).FindAsync(Day, ["orders.csv"], default));

        exception.Code.ShouldBe(code == "NoSuchBucket" ? ErrorCode.SourceMissing : ErrorCode.SourceUnreadable);
        $"{exception.Message} {exception.NextStep}".ShouldContain(next);
        exception.Message.ShouldContain(what);
        exception.Message.ShouldContain($"s3://{bucket.Name}/in/orders.csv");
        exception.Retryable.ShouldBe(status == 503 || code == "RequestTimeTooSkewed");
    }

    [Fact]
    public async Task A_file_is_read_by_the_store_of_its_address()
    {
        await using var bucket = await Bucket.CreateAsync(server);
        using var folder = new TempFolder();
        var corrected = folder.Write("corrected.csv", "abc");
        await bucket.PutAsync("in/orders.csv", [1, 2, 3]);
        var source = new LocatedSource(folder.Root, new FolderSource(folder.Root), bucket.Source());

        var near = await source.PinAsync(corrected, default);
        var far = await source.PinAsync($"s3://{bucket.Name}/in/orders.csv", default);

        (await ReadAsync(source, near)).ShouldBe("abc"u8.ToArray());
        (await ReadAsync(source, far)).ShouldBe([1, 2, 3]);
        (await CodeOfAsync(() => source.PinAsync($"s3://{bucket.Name}/none.csv", default))).ShouldBe(
            ErrorCode.SourceMissing
        );
    }

    private static async Task<(S3Source Source, SourceFile File)> PinAsync(Bucket bucket, Uri? endpoint = null)
    {
        await bucket.PutAsync("in/orders.csv", Bytes);
        var source = bucket.Source(endpoint);
        return (source, (await source.FindAsync(Day, ["orders.csv"], default))!);
    }

    private static async Task<byte[]> ReadAsync(ISourceStore source, SourceFile file)
    {
        await using var stream = await source.OpenAsync(file, default);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    private static async Task<EtlError> ErrorOfAsync(Func<Task> work) =>
        (await Should.ThrowAsync<EtlException>(work)).Error;

    private static async Task<ErrorCode> CodeOfAsync(Func<Task> work) => (await ErrorOfAsync(work)).Code;
}
