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
        var (level, message) = await NotifierAsync(cloud, $"{cloud.Topic.Arn}-none");
        level.ShouldBe("warning");
        message.ShouldContain($"{cloud.Topic.Arn}-none");
    }

    private static async Task<(string?, string)> NotifierAsync(CloudPlace cloud, string topic)
    {
        var doctor = await EtlProcess.RunOfAsync(
            AppContext.BaseDirectory,
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
                $"--Etl:Notify:TopicArn={topic}",
            ],
            cloud.Environment
        );
        doctor.ExitCode.ShouldBe(0, doctor.Out);
        JsonSchema.OfDocs.Violations("doctor", doctor.Json).ShouldBeEmpty(doctor.Out);
        var found = doctor.Json.GetProperty("checks").EnumerateArray();
        var notifier = found.Single(c => c.GetProperty("name").GetString() == "notifier");
        return (notifier.GetProperty("level").GetString(), notifier.GetProperty("message").GetString()!);
    }
}
