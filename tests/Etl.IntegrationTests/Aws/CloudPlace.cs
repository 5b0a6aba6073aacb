using System.Diagnostics;
using Etl.IntegrationTests.Console;
using Etl.TestKit;

namespace Etl.IntegrationTests.Aws;

/// <summary>Everything that a run on AWS needs: source files and lake in a bucket, a topic and a database.</summary>
internal sealed class CloudPlace : IAsyncDisposable
{
    public const string RunKey = $"lake/analytics_export/business_date={Workplace.Day}/run=20250630-001/";

    private CloudPlace(Workplace place, Bucket bucket, Topic topic) =>
        (Place, Bucket, Topic, Environment) = (place, bucket, topic, EnvironmentOf(bucket.Moto));

    public Workplace Place { get; }

    public Bucket Bucket { get; }

    public Topic Topic { get; }

    public Dictionary<string, string> Environment { get; }

    public static async Task<CloudPlace> CreateAsync(
        PostgresServer postgres,
        MotoServer moto,
        bool versioned = true,
        bool migrated = true
    )
    {
        var bucket = await Bucket.CreateAsync(moto, versioned);
        var place = new CloudPlace(
            await Workplace.CreateAsync(postgres, migrated: migrated),
            bucket,
            await Topic.CreateAsync(moto)
        );
        foreach (var file in Directory.GetFiles(place.Place.Source))
        {
            await bucket.PutAsync($"in/{Path.GetFileName(file)}", await File.ReadAllBytesAsync(file));
        }

        return place;
    }

    /// <summary>Environment variables for the AWS mock, without those of this machine.</summary>
    public static Dictionary<string, string> EnvironmentOf(Uri endpoint) =>
        new()
        {
            ["AWS_ENDPOINT_URL"] = endpoint.AbsoluteUri,
            ["AWS_ACCESS_KEY_ID"] = "test",
            ["AWS_SECRET_ACCESS_KEY"] = "test",
            ["AWS_REGION"] = "us-east-1",
            ["AWS_EC2_METADATA_DISABLED"] = "true",
            ["AWS_CONFIG_FILE"] = "/dev/null",
            ["AWS_SHARED_CREDENTIALS_FILE"] = "/dev/null",
            ["ETL__S3__FORCEPATHSTYLE"] = "true",
            ["ETL__S3__TIMEOUTSECONDS"] = "5",
            ["ETL__RUN__RETRIES"] = "0",
        };

    public Task<EtlProcess> RunAsync(params string[] more) => RunAsync(_ => Task.CompletedTask, more);

    public Task<EtlProcess> RunAsync(Func<Process, Task> whileRunning, params string[] more)
    {
        string[] line = ["run", "--json", "--date", Workplace.Day, "--connection", Place.Connection];
        string[] source = more.Contains("--source") ? [] : ["--source", $"s3://{Bucket.Name}/in"];
        string[] lake = more.Contains("--lake") ? [] : ["--lake", $"s3://{Bucket.Name}/lake"];
        string[] topic = [$"--Etl:Notify:TopicArn={Topic.Arn}"];
        return EtlProcess.RunOfAsync(
            HostPrograms.Folder,
            Place.Folder,
            whileRunning,
            [.. line, .. source, .. lake, .. topic, .. more],
            Environment
        );
    }

    /// <summary>Name and bytes of the objects that the first run of the day exported.</summary>
    public async Task<SortedDictionary<string, string>> ExportedAsync()
    {
        var exported = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var key in await Bucket.KeysAsync("lake/"))
        {
            if (!key.EndsWith(".html", StringComparison.Ordinal))
            {
                exported[key] = Convert.ToBase64String(await Bucket.GetAsync(key));
            }
        }

        return exported;
    }

    public async ValueTask DisposeAsync()
    {
        Topic.Dispose();
        await Bucket.DisposeAsync();
        await Place.DisposeAsync();
    }
}
