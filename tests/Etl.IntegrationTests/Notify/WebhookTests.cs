using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Notify;

/// <summary>Runs of the program with a webhook, whose address is a secret.</summary>
public sealed class WebhookTests(PostgresServer server)
{
    private const string Variable = "ETL__NOTIFY__WEBHOOK__URL";

    [Fact]
    public async Task The_next_start_sends_a_message_that_the_receiver_did_not_accept_once()
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        await using var receiver = new WebhookReceiver().Answer(404);

        var run = await StartAsync(place, receiver.Url, place.RunLine());
        var again = await StartAsync(place, receiver.Url, place.RunLine());
        await StartAsync(place, receiver.Url, place.RunLine());

        run.ExitCode.ShouldBe(0, run.Error);
        run.Out.ShouldContain("The webhook (Json) responded with status 404.");
        again.Json.GetProperty("status").GetString().ShouldBe("already_done");
        receiver.Bodies.Count.ShouldBe(2);
        receiver.Bodies[1].ShouldContain("20250630-001/Success");
        Directory.Exists(Path.Combine(place.Lake, "mail")).ShouldBeFalse();
    }

    [Fact]
    public async Task Several_notifiers_send_each_message_once_although_one_of_them_fails()
    {
        using var folder = new TempFolder();
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        await using var receiver = new WebhookReceiver();
        var mail = Path.Combine(place.Folder, "mail");
        string[] Settings(int port) =>
            [
                $"--Etl:Notify:Directory={mail}",
                "--Etl:Notify:Smtp:Host=127.0.0.1",
                $"--Etl:Notify:Smtp:Port={port}",
                "--Etl:Notify:Webhook:Format=Teams",
            ];

        var run = await StartAsync(place, receiver.Url, place.RunLine(Settings(SmtpSink.FreePort())));
        var first = File.GetLastWriteTimeUtc(Directory.GetFiles(mail).Single());
        await using var sink = await SmtpSink.StartAsync(folder.Root);
        var second = await StartAsync(place, receiver.Url, place.RunLine(Settings(sink.Port)));
        await StartAsync(place, receiver.Url, place.RunLine(Settings(sink.Port)));

        MessagesOf(run).ShouldHaveSingleItem().ShouldEndWith(" (sent by webhook, file)");
        MessagesOf(second).ShouldHaveSingleItem().ShouldNotContain("sent by");
        run.Error.ShouldContain("1 message sent by webhook, file, 1 not sent", Case.Sensitive);
        run.Json.GetProperty("warnings")
            .EnumerateArray()
            .Select(w => w.GetString()!)
            .ShouldContain(w => w.Contains("cannot be reached"));
        receiver.Bodies.ShouldHaveSingleItem().ShouldContain("AdaptiveCard");
        sink.Mails.ShouldHaveSingleItem();
        File.GetLastWriteTimeUtc(Directory.GetFiles(mail).Single()).ShouldBe(first);
        (await place.QueryAsync<string[]>("select sent_by from etl.messages where sent_at is not null")).ShouldBe(
            ["file", "smtp", "webhook"],
            ignoreOrder: true
        );
    }

    [Theory]
    [InlineData(200, "Json")]
    [InlineData(302, "Json")]
    [InlineData(429, "Slack")]
    [InlineData(500, "Teams")]
    [InlineData(0, "Slack")]
    public async Task The_address_is_in_no_output(int status, string format)
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        await using var receiver = new WebhookReceiver();
        foreach (var _ in Enumerable.Range(0, status > 0 ? 20 : 0))
        {
            receiver.Answer(status, status == 429 ? "Retry-After" : "Location", status == 429 ? "1" : receiver.Url);
        }

        if (status == 0)
        {
            receiver.Hang();
        }

        string[] webhook = [$"--Etl:Notify:Webhook:Format={format}", "--Etl:Notify:Webhook:TimeoutSeconds=1"];
        string[] common = ["--connection", place.Connection, "--verbose", .. webhook];
        string[][] lines =
        [
            ["doctor", "--source", place.Source, "--lake", place.Lake, .. common],
            ["plan", "--source", place.Source, "--lake", place.Lake, "--date", Workplace.Day, "--json", .. common],
            place.RunLine(["--verbose", .. webhook]),
            ["runs", "show", "20250630-001", .. common],
            ["report", "--json", .. common],
        ];
        var outputs = new List<string>();
        foreach (var line in lines)
        {
            var process = await StartAsync(place, receiver.Url, line);
            outputs.Add($"{line[0]}: {process.Out}{process.Error}");
        }

        receiver.Bodies.ShouldNotBeEmpty();
        outputs.ShouldAllBe(o => !o.Contains(WebhookReceiver.Secret) && !o.Contains(receiver.Root));
        var files = Directory.GetFiles(place.Folder, "*", SearchOption.AllDirectories);
        files.ShouldAllBe(f => !File.ReadAllText(f).Contains(WebhookReceiver.Secret));
        receiver.Bodies.ShouldAllBe(b => !b.Contains(WebhookReceiver.Secret));
        foreach (
            var table in await place.RowsAsync(
                "(select table_name from information_schema.tables where table_schema = 'etl')"
            )
        )
        {
            (await place.RowsAsync($"etl.{table.Trim('(', ')')}")).ShouldAllBe(r =>
                !r.Contains(WebhookReceiver.Secret)
            );
        }
    }

    [Fact]
    public async Task The_address_is_refused_on_the_command_line_and_in_a_file_without_being_shown()
    {
        await using var place = await Workplace.CreateAsync(server);
        var line = await StartAsync(
            place,
            null,
            place.RunLine($"--Etl:Notify:Webhook:Url=https://hooks.example.org/{WebhookReceiver.Secret}")
        );
        await File.WriteAllTextAsync(
            Path.Combine(place.Folder, "appsettings.json"),
            "{\"Etl\":{\"Notify\":{\"Webhook\":{\"Url\":\"https://hooks.example.org/"
                + WebhookReceiver.Secret
                + "\"}}}}"
        );
        var file = await StartAsync(place, null, place.RunLine());
        var wrong = await StartAsync(place, $"http://hooks.example.org/{WebhookReceiver.Secret}", place.RunLine());

        foreach (var refused in (EtlProcess[])[line, file])
        {
            refused.ShouldFail(2, "Etl:Notify:Webhook:Url is a secret and was given on the command line or in a file");
        }

        wrong.ShouldFail(2, "Etl:Notify:Webhook:Url");
        $"{line}{file}{wrong}".ShouldNotContain(WebhookReceiver.Secret);
    }

    [Fact]
    public async Task The_doctor_connects_without_a_request_and_states_what_it_cannot_check()
    {
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        await using var receiver = new WebhookReceiver();

        var open = await DoctorAsync(receiver.Url);
        var closed = await DoctorAsync($"http://127.0.0.1:{SmtpSink.FreePort()}/x");
        var plain = await DoctorAsync(receiver.Url.Replace("http://", "https://", StringComparison.Ordinal));

        open.ShouldBe(
            "ok: the webhook (Json) is reachable, not encrypted; whether it accepts messages is not checked, because each "
                + "request is a message"
        );
        closed.ShouldBe("warning: The webhook (Json) cannot be reached.");
        plain.ShouldBe("warning: The webhook (Json) has a certificate that cannot be verified.");
        receiver.Bodies.ShouldBeEmpty();

        async Task<string> DoctorAsync(string url)
        {
            var doctor = await StartAsync(place, url, ["doctor", "--json", "--connection", place.Connection]);
            var check = doctor
                .Json.GetProperty("checks")
                .EnumerateArray()
                .Single(c => c.GetProperty("name").GetString() == "notifier");
            return $"{check.GetProperty("level")}: {check.GetProperty("message")}";
        }
    }

    private static IEnumerable<string> MessagesOf(EtlProcess process) =>
        process.Error.Split('\n').Where(l => l.StartsWith("message: ", StringComparison.Ordinal));

    private static Task<EtlProcess> StartAsync(Workplace place, string? url, string[] line) =>
        EtlProcess.RunOfAsync(
            HostPrograms.Folder,
            place.Folder,
            _ => Task.CompletedTask,
            line,
            url is null ? null : new Dictionary<string, string> { [Variable] = url }
        );
}
