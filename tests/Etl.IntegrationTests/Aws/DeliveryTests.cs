using System.Text;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Aws;

/// <summary>What a sender writes into the bucket beside the files is verified.</summary>
public sealed class DeliveryTests(PostgresServer postgres, MotoServer moto)
{
    private static readonly string OtherSha = new('0', 64);
    private static readonly string OtherMd5 = new('0', 32);

    public static TheoryData<string, string, string> Contradictions =>
        new()
        {
            { "orders.csv.sha256", OtherSha, "orders.csv.sha256 states SHA-256 0000" },
            { "orders.csv.md5", $"{OtherMd5}  orders.csv\n", "orders.csv.md5 states MD5 0000" },
            { "SHA256SUMS", $"{OtherSha}  orders.csv\n", "SHA256SUMS states SHA-256 0000" },
            { "control.csv", "file,rows\norders.csv,2100\n", "control.csv states 2,100: 100 rows are missing" },
        };

    [Theory]
    [MemberData(nameof(Contradictions))]
    public async Task An_object_that_contradicts_its_sender_is_not_published(
        string name,
        string content,
        string message
    )
    {
        await using var cloud = await CloudPlace.CreateAsync(postgres, moto);
        await cloud.Bucket.PutAsync($"in/{name}", Encoding.UTF8.GetBytes(content));

        var run = await cloud.RunAsync("--Etl:Delivery:Control=control.csv");

        run.ShouldFail(3, message);
        run.Json.GetProperty("error").GetProperty("code").GetString().ShouldBe("source_incomplete");
        run.Error.ShouldContain($"s3://{cloud.Bucket.Name}/in/orders.csv");
        (await cloud.Place.QueryAsync<long>("select count(*) from staging.orders")).ShouldBe(0);
    }

    [Fact]
    public async Task A_marker_is_required_and_must_not_be_older_than_an_object()
    {
        await using var cloud = await CloudPlace.CreateAsync(postgres, moto);
        var missing = await cloud.RunAsync("--Etl:Delivery:Require=Marker");
        missing.ShouldFail(3, $"there is no marker _SUCCESS in s3://{cloud.Bucket.Name}/in");

        await cloud.Bucket.PutAsync("in/_SUCCESS", []);
        await WriteAfterAsync(cloud, "in/orders.csv", "in/_SUCCESS");
        var older = await cloud.RunAsync("--Etl:Delivery:Require=Marker");
        older.ShouldFail(3, "the marker _SUCCESS is older than orders.csv in ");

        await cloud.Bucket.PutAsync("in/_SUCCESS", []);
        (await cloud.RunAsync("--Etl:Delivery:Require=Marker")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Keys_with_declared_names_or_in_another_case_are_run()
    {
        await using var cloud = await CloudPlace.CreateAsync(postgres, moto);
        await MoveAsync(cloud, "in/orders.csv", "in/Orders.CSV");
        await MoveAsync(cloud, "in/reviews.csv", "in/2025/06/reviews_20250630_x.csv");
        await cloud.Bucket.PutAsync("in/2025/06/reviews_20250629_x.csv", []);
        await cloud.Bucket.PutAsync("in/2025/06/reviews_20250630_x.csv.sha256", Encoding.UTF8.GetBytes(OtherSha));
        const string Names = "--Etl:Files:Reviews:Names:0={date:yyyy/MM}/reviews_{date:yyyyMMdd}_*.csv";

        var other = await cloud.RunAsync(Names);
        other.ShouldFail(3, "reviews_20250630_x.csv.sha256 states SHA-256 0000");
        await cloud.Bucket.Client.DeleteObjectAsync(cloud.Bucket.Name, "in/2025/06/reviews_20250630_x.csv.sha256");
        var several = await cloud.RunAsync("--Etl:Files:Reviews:Names:0=2025/06/reviews_*");
        several.ShouldFail(3, "2025/06/reviews_20250629_x.csv and 2025/06/reviews_20250630_x.csv.");
        (
            await cloud.RunAsync("--Etl:Files:Reviews:Names:0=none.csv", "--Etl:Files:Orders:Names:0=order.csv")
        ).ShouldFail(3, "Found instead: Orders.CSV.");
        var run = await cloud.RunAsync(Names);
        run.ExitCode.ShouldBe(0, run.Error);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Objects_of_a_published_day_that_are_written_again_are_compared(bool versioned)
    {
        await using var cloud = await CloudPlace.CreateAsync(postgres, moto, versioned);
        (await cloud.RunAsync()).ExitCode.ShouldBe(0);
        await cloud.Topic.TakeAsync();
        var orders = await cloud.Bucket.GetAsync("in/orders.csv");

        await cloud.Bucket.PutAsync("in/orders.csv", orders);
        (await cloud.RunAsync()).Json.GetProperty("sourceChanged").GetBoolean().ShouldBeFalse();

        var lines = Encoding.UTF8.GetString(orders).TrimEnd('\n').Split('\n');
        await cloud.Bucket.PutAsync("in/orders.csv", Encoding.UTF8.GetBytes(string.Join('\n', lines[..^1]) + "\n"));
        for (var start = 0; start < 2; start++)
        {
            var again = await cloud.RunAsync();
            again.Json.GetProperty("status").GetString().ShouldBe("already_done", again.Error);
            again.Json.GetProperty("sourceChanged").GetBoolean().ShouldBeTrue();
        }

        var message = (await cloud.Topic.TakeAsync()).ShouldHaveSingleItem();
        message.Subject.ShouldBe("Etl 2025-06-30 delivered again: orders.csv differs");
        message.Attributes["outcome"].ShouldBe("redelivered");

        var rerun = await cloud.RunAsync("--Etl:Run:OnRedelivery=Rerun");
        rerun.Json.GetProperty("runId").GetString().ShouldBe("20250630-002", rerun.Error);
        rerun.Json.GetProperty("sourceChanged").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task A_bucket_that_cannot_be_read_is_a_warning_of_a_day_that_is_done()
    {
        await using var cloud = await CloudPlace.CreateAsync(postgres, moto);
        (await cloud.RunAsync()).ExitCode.ShouldBe(0);

        var again = await cloud.RunAsync("--source", "s3://there-is-no-such-bucket/in");

        again.ExitCode.ShouldBe(0, again.Error);
        again.Json.GetProperty("status").GetString().ShouldBe("already_done");
        again
            .Json.GetProperty("warnings")[0]
            .GetString()!
            .ShouldStartWith("The source was not compared with run 20250630-001: Bucket there-is-no-such-bucket ");
    }

    private static async Task MoveAsync(CloudPlace cloud, string from, string to)
    {
        await cloud.Bucket.PutAsync(to, await cloud.Bucket.GetAsync(from));
        await cloud.Bucket.Client.DeleteObjectAsync(cloud.Bucket.Name, from);
    }

    /// <summary>S3 states times in seconds: the object is written again until its time is later.</summary>
    private static async Task WriteAfterAsync(CloudPlace cloud, string key, string before)
    {
        var bytes = await cloud.Bucket.GetAsync(key);
        do
        {
            await cloud.Bucket.PutAsync(key, bytes);
        } while (await TimeAsync(key) <= await TimeAsync(before));

        async Task<DateTime?> TimeAsync(string of) =>
            (await cloud.Bucket.Client.GetObjectMetadataAsync(cloud.Bucket.Name, of)).LastModified;
    }
}
