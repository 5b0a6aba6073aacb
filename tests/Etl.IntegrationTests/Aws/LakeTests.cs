using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using Etl.Application.Errors;
using Etl.Application.Export;
using Etl.Application.Runs;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Aws;

public sealed class LakeTests(MotoServer server)
{
    private const string Key = "analytics_export/business_date=2025-06-30/run=20250630-001/orders.csv";
    private const int TwoParts = 9_000_000;
    private const int ThreeParts = 20_000_000;
    private const int Piece = 100_000;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(8 * 1024 * 1024)]
    [InlineData(ThreeParts)]
    public async Task A_written_object_has_its_size_hash_and_content_type(int size)
    {
        await using var bucket = await Bucket.CreateAsync(server);
        var bytes = Bytes(size);

        var written = await bucket.Lake().WriteOnceAsync(Key, InPieces(bytes), default);

        written.ShouldBe(
            new LakeObject($"s3://{bucket.Name}/lake/{Key}", size, Convert.ToHexStringLower(SHA256.HashData(bytes)))
        );
        (await bucket.GetAsync($"lake/{Key}")).ShouldBe(bytes);
        var found = await bucket.Client.GetObjectMetadataAsync(bucket.Name, $"lake/{Key}");
        found.Headers.ContentType.ShouldBe("text/csv; charset=utf-8");
    }

    [Theory]
    [InlineData(10)]
    [InlineData(ThreeParts)]
    public async Task Writing_the_same_bytes_succeeds_and_writing_other_bytes_is_a_conflict(int size)
    {
        await using var bucket = await Bucket.CreateAsync(server);
        var (bytes, lake) = (Bytes(size), bucket.Lake());
        var first = await lake.WriteOnceAsync(Key, InPieces(bytes), default);

        (await lake.WriteOnceAsync(Key, InPieces(bytes), default)).ShouldBe(first);
        bytes[^1]++;
        var exception = await ErrorOfAsync(() => lake.WriteOnceAsync(Key, InPieces(bytes), default));

        exception.Code.ShouldBe(ErrorCode.LakeConflict);
        exception.Message.ShouldContain(first.Uri);
        bytes[^1]--;
        (await bucket.GetAsync($"lake/{Key}")).ShouldBe(bytes);
        (await UploadsAsync(bucket)).ShouldBe(0);
    }

    [Fact]
    public async Task Failed_content_leaves_neither_object_nor_upload()
    {
        await using var bucket = await Bucket.CreateAsync(server);
        await using var proxy = new FaultyProxy(bucket.Moto);
        LakeContent failing = async (stream, token) =>
        {
            await stream.WriteAsync(Bytes(ThreeParts), token);
            throw new InvalidOperationException("planted");
        };

        await Should.ThrowAsync<InvalidOperationException>(() =>
            bucket.Lake(proxy.Endpoint).WriteOnceAsync(Key, failing, default)
        );

        (await bucket.KeysAsync()).ShouldBeEmpty();
        (await UploadsAsync(bucket)).ShouldBe(0);
        proxy.Seen.Count(l => l.StartsWith("PUT ", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Fact]
    public async Task A_replacement_overwrites_and_a_copy_survives_its_source()
    {
        await using var bucket = await Bucket.CreateAsync(server);
        var lake = bucket.Lake();
        await lake.ReplaceAsync("report.html", InPieces(Bytes(10)), default);
        var replaced = await lake.ReplaceAsync("report.html", InPieces(Bytes(20)), default);
        await lake.CopyAsync("report.html", "latest/report.html", default);
        await lake.ReplaceAsync("report.html", InPieces(Bytes(30)), default);

        replaced.Bytes.ShouldBe(20);
        (await bucket.GetAsync("lake/report.html")).ShouldBe(Bytes(30));
        (await bucket.GetAsync("lake/latest/report.html")).ShouldBe(Bytes(20));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(TwoParts)]
    public async Task Objects_and_copies_are_encrypted_with_the_configured_key_or_else_by_the_bucket(int size)
    {
        const string Kms = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555";
        await using var bucket = await Bucket.CreateAsync(server);
        await bucket.Lake().WriteOnceAsync("plain.csv", InPieces(Bytes(size)), default);
        bucket.KmsKeyId = Kms;
        await bucket.Lake().WriteOnceAsync("once.csv", InPieces(Bytes(size)), default);
        await bucket.Lake().CopyAsync("plain.csv", "latest.csv", default);

        foreach (var (key, wanted) in new[] { ("plain.csv", null), ("once.csv", Kms), ("latest.csv", Kms) })
        {
            var found = await bucket.Client.GetObjectMetadataAsync(bucket.Name, $"lake/{key}");
            (found.ServerSideEncryptionMethod == ServerSideEncryptionMethod.AWSKMS).ShouldBe(wanted is not null, key);
            found.ServerSideEncryptionKeyManagementServiceKeyId.ShouldBe(wanted, key);
            found.ContentLength.ShouldBe(size);
        }
    }

    [Theory]
    [InlineData("PUT ", 500, "InternalError")]
    [InlineData("PUT ", 503, "SlowDown")]
    [InlineData("POST ", 503, "SlowDown")]
    public async Task An_error_of_the_service_is_retried(string method, int status, string code)
    {
        await using var bucket = await Bucket.CreateAsync(server);
        await using var proxy = new FaultyProxy(bucket.Moto);
        proxy.Inject(method, HttpFault.Error(status, code), 2);

        await bucket.Lake(proxy.Endpoint).WriteOnceAsync(Key, InPieces(Bytes(ThreeParts)), default);

        (await bucket.GetAsync($"lake/{Key}")).ShouldBe(Bytes(ThreeParts));
    }

    [Fact]
    public async Task A_lost_response_is_retried_and_the_objects_bytes_are_compared()
    {
        await using var bucket = await Bucket.CreateAsync(server);
        await using var proxy = new FaultyProxy(bucket.Moto);
        proxy.Inject("PUT ", HttpFault.Torn(0), 1);

        await bucket.Lake(proxy.Endpoint).WriteOnceAsync(Key, InPieces(Bytes(100)), default);

        (await bucket.GetAsync($"lake/{Key}")).ShouldBe(Bytes(100));
    }

    [Fact]
    public async Task An_upload_that_was_completed_despite_a_lost_response_is_the_object()
    {
        await using var bucket = await Bucket.CreateAsync(server);
        await using var proxy = new FaultyProxy(bucket.Moto);
        var content = InPieces(Bytes(ThreeParts));
        var first = await bucket.Lake().WriteOnceAsync(Key, content, default);
        proxy.Inject("POST /" + bucket.Name, new HttpFault(), 1);
        proxy.Inject("POST /" + bucket.Name, HttpFault.Error(404, "NoSuchUpload"));

        (await bucket.Lake(proxy.Endpoint).WriteOnceAsync(Key, content, default)).ShouldBe(first);
    }

    [Theory]
    [InlineData(403, "AccessDenied", "was denied", "s3:PutObject", false)]
    [InlineData(404, "NoSuchBucket", "does not exist", "Etl:Lake:Uri", false)]
    [InlineData(400, "KMS.DisabledException", "KMS key", "Etl:S3:KmsKeyId", false)]
    [InlineData(503, "SlowDown", "could not process", "Health", true)]
    [InlineData(409, "ConditionalRequestConflict", "could not process", "Run again", true)]
    public async Task Each_error_states_its_cause_and_the_next_step(
        int status,
        string code,
        string what,
        string next,
        bool retryable
    )
    {
        await using var bucket = await Bucket.CreateAsync(server);
        await using var proxy = new FaultyProxy(bucket.Moto);
        proxy.Inject("PUT ", HttpFault.Error(status, code));

        var exception = await ErrorOfAsync(() =>
            bucket.Lake(proxy.Endpoint).WriteOnceAsync(Key, InPieces(Bytes(100)), default)
        );

        (exception.Code, exception.Retryable).ShouldBe((ErrorCode.Lake, retryable));
        exception.Message.ShouldContain(what);
        exception.Message.ShouldContain($"s3://{bucket.Name}/lake/{Key}");
        exception.NextStep.ShouldContain(next);
    }

    [Fact]
    public async Task A_silent_server_and_a_missing_server_end_in_an_error()
    {
        await using var bucket = await Bucket.CreateAsync(server);
        await using var proxy = new FaultyProxy(bucket.Moto);
        proxy.Inject("PUT ", HttpFault.Hanging(0));
        var silent = await ErrorOfAsync(() =>
            bucket.Lake(proxy.Endpoint).WriteOnceAsync(Key, InPieces(Bytes(100)), default)
        );
        var missing = await ErrorOfAsync(() =>
            bucket.Lake(new Uri("http://127.0.0.1:9")).WriteOnceAsync(Key, InPieces(Bytes(100)), default)
        );

        foreach (var exception in new[] { silent, missing })
        {
            (exception.Code, exception.Retryable).ShouldBe((ErrorCode.Lake, true));
            exception.Message.ShouldContain("did not respond");
            exception.NextStep.ShouldContain("AWS_ENDPOINT_URL");
        }
    }

    private static byte[] Bytes(int size)
    {
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        return bytes;
    }

    private static LakeContent InPieces(byte[] bytes) =>
        async (stream, token) =>
        {
            for (var at = 0; at < bytes.Length; at += Piece)
            {
                await stream.WriteAsync(bytes.AsMemory(at, Math.Min(Piece, bytes.Length - at)), token);
            }
        };

    private static async Task<int> UploadsAsync(Bucket bucket)
    {
        var answer = await bucket.Client.ListMultipartUploadsAsync(
            new ListMultipartUploadsRequest { BucketName = bucket.Name }
        );
        return answer.MultipartUploads?.Count ?? 0;
    }

    private static async Task<EtlError> ErrorOfAsync(Func<Task> work) =>
        (await Should.ThrowAsync<EtlException>(work)).Error;
}
