using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Aws;

/// <summary>The doctor checks the bucket and the topic of a run.</summary>
public sealed class DoctorTests(PostgresServer postgres, MotoServer moto)
{
    [Fact]
    public async Task The_doctor_checks_the_bucket_and_warns_about_a_missing_topic()
    {
        await using var cloud = await CloudPlace.CreateAsync(postgres, moto);
        var (level, message) = await NotifierAsync(cloud, $"--Etl:Notify:TopicArn={cloud.Topic.Arn}-none");
        level.ShouldBe("warning");
        message.ShouldContain($"{cloud.Topic.Arn}-none");
    }

    [Fact]
    public async Task The_doctor_checks_the_bucket_for_messages_without_writing_one()
    {
        await using var cloud = await CloudPlace.CreateAsync(postgres, moto);
        var prefix = $"s3://{cloud.Bucket.Name}/messages";
        (await NotifierAsync(cloud, $"--Etl:Notify:MessagesUri={prefix}")).ShouldBe(
            (
                "not_checked",
                $"messages are written to {prefix}; the first message checks the permission to write and the relay"
            )
        );
        (await cloud.Bucket.KeysAsync("messages")).ShouldBeEmpty();
        (await NotifierAsync(cloud, "--Etl:Notify:MessagesUri=s3://no-such-bucket/messages")).ShouldBe(
            ("warning", "Bucket no-such-bucket does not exist: s3://no-such-bucket/messages/notifier")
        );
    }

    private static async Task<(string?, string)> NotifierAsync(CloudPlace cloud, string notifier)
    {
        var doctor = await EtlProcess.RunOfAsync(
            HostPrograms.Folder,
            cloud.Place.Folder,
            _ => Task.CompletedTask,
            [
                "doctor",
                "--json",
                "--date",
                Workplace.Day,
                "--connection",
                cloud.Place.Connection,
                "--source",
                $"s3://{cloud.Bucket.Name}/in",
                "--lake",
                $"s3://{cloud.Bucket.Name}/lake",
                notifier,
            ],
            cloud.Environment
        );
        doctor.ExitCode.ShouldBe(0, doctor.Out);
        JsonSchema.OfDocs.Violations("doctor", doctor.Json).ShouldBeEmpty(doctor.Out);
        var found = doctor.Json.GetProperty("checks").EnumerateArray();
        var check = found.Single(c => c.GetProperty("name").GetString() == "notifier");
        return (check.GetProperty("level").GetString(), check.GetProperty("message").GetString()!);
    }
}
