using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Infrastructure.Notify;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Notify;

public sealed class WebhookTests
{
    private static readonly Message Some = new(
        RunId.Parse("20260301-001"),
        BusinessDate.Parse("2026-03-01"),
        Outcome.Success,
        "Etl 2026-03-01 succeeded",
        "Late shipments: 3 (-1)\n\nRejected rows\n  orders, bad_date: `<b>` & ```order_date```\n"
    );

    private readonly PausingClock clock = new();

    public static TheoryData<WebhookFormat> Formats => [.. Enum.GetValues<WebhookFormat>()];

    [Theory]
    [InlineData(WebhookFormat.Json)]
    [InlineData(WebhookFormat.Slack)]
    [InlineData(WebhookFormat.Teams)]
    public async Task A_message_is_posted_once_in_the_format_of_the_receiver(WebhookFormat format)
    {
        await using var receiver = new WebhookReceiver();
        using var notifier = Notifier(receiver, format);

        await notifier.SendAsync(Some, CancellationToken.None);

        using var body = JsonDocument.Parse(receiver.Bodies.Single());
        var text = JsonSerializer.Serialize(body, Indented) + "\n";
        text.ShouldBe(Golden.Expect($"webhook_{format.ToString().ToLowerInvariant()}.json", text));
    }

    [Theory]
    [InlineData(WebhookFormat.Slack, 40_000)]
    [InlineData(WebhookFormat.Teams, 28 * 1024)]
    public void A_long_message_fits_the_limit_of_the_service(WebhookFormat format, int limit)
    {
        var body = string.Concat(Enumerable.Repeat("  <line> with_some & text\n", 10_000));
        var payload = WebhookPayload.Write(Some with { Body = body }, format);
        payload.Length.ShouldBeLessThan(limit);
        Encoding.UTF8.GetString(payload).ShouldContain("Truncated to the size limit of");
    }

    [Theory]
    [InlineData("&")]
    [InlineData("\"")]
    [InlineData("\\")]
    [InlineData("\u0001")]
    [InlineData("\U0001F600")]
    [InlineData("é")]
    public void Characters_that_need_most_escaping_fit_the_limits_too(string character)
    {
        // As many lines and as many bytes as a card may have.
        var line = string.Concat(Enumerable.Repeat(character, 64 / Encoding.UTF8.GetByteCount(character))) + "\n";
        var message = Some with { Body = string.Concat(Enumerable.Repeat(line, 2_000)) };

        WebhookPayload.Write(message, WebhookFormat.Teams).Length.ShouldBeLessThan(28 * 1024);
        using var slack = JsonDocument.Parse(WebhookPayload.Write(message, WebhookFormat.Slack));
        slack.RootElement.GetProperty("text").GetString()!.Length.ShouldBeLessThan(40_000);
    }

    [Fact]
    public void Slack_gets_no_markup_from_subject_or_body()
    {
        var message = Some with { Subject = "<!channel> & >", Body = "<https://example.org|x> ```*b*``` <@U1>\n" };

        using var slack = JsonDocument.Parse(WebhookPayload.Write(message, WebhookFormat.Slack));

        slack
            .RootElement.GetProperty("text")
            .GetString()
            .ShouldBe("*&lt;!channel&gt; &amp; &gt;*\n```&lt;https://example.org|x&gt; '''*b*''' &lt;@U1&gt;\n```");
    }

    [Theory]
    [InlineData("7", 7, WebhookFormat.Json)]
    [InlineData("7", 7, WebhookFormat.Slack)]
    [InlineData("7", 7, WebhookFormat.Teams)]
    [InlineData("Thu, 01 Jan 1970 00:00:11 GMT", 11, WebhookFormat.Slack)]
    public async Task A_receiver_that_asks_to_wait_is_asked_again_after_that_time(
        string header,
        int seconds,
        WebhookFormat format
    )
    {
        await using var receiver = new WebhookReceiver().Answer(429, "Retry-After", header);
        using var notifier = Notifier(receiver, format);

        await notifier.SendAsync(Some, CancellationToken.None);

        clock.Pauses.ShouldBe([TimeSpan.FromSeconds(seconds)]);
        receiver.Bodies.Count.ShouldBe(2);
        receiver.Bodies[1].ShouldBe(receiver.Bodies[0]);
    }

    [Fact]
    public async Task A_pause_beyond_the_time_limit_is_not_waited_for()
    {
        await using var receiver = new WebhookReceiver().Answer(429, "Retry-After", "20");

        var error = await ErrorAsync(receiver);

        error.Message.ShouldBe("The webhook (Slack) accepts no more messages now (status 429).");
        (error.Retryable, clock.Pauses.Count, receiver.Bodies.Count).ShouldBe((true, 0, 1));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task An_error_of_the_server_is_retried_twice(WebhookFormat format)
    {
        await using var receiver = new WebhookReceiver().Answer(500).Answer(503).Answer(500);

        var error = await ErrorAsync(receiver, format);

        error.Message.ShouldBe($"The webhook ({format}) responded with status 500.");
        clock.Pauses.ShouldBe([TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)]);
        receiver.Bodies.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData(400, "rejected the message (status 400)", false)]
    [InlineData(404, "responded with status 404", true)]
    [InlineData(302, "redirects to another address (status 302), which is not followed", true)]
    public async Task Other_answers_are_errors_at_once(int status, string problem, bool isOutage)
    {
        await using var elsewhere = new WebhookReceiver();
        await using var receiver = new WebhookReceiver().Answer(status, "Location", elsewhere.Url);

        var error = await ErrorAsync(receiver);

        error.Message.ShouldBe($"The webhook (Slack) {problem}.");
        (error.Retryable, receiver.Bodies.Count, elsewhere.Bodies.Count).ShouldBe((isOutage, 1, 0));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task A_receiver_that_hangs_is_asked_once_because_it_may_have_the_message(WebhookFormat format)
    {
        await using var receiver = new WebhookReceiver().Hang();

        var error = await ErrorAsync(receiver, format);

        error.Message.ShouldBe($"The webhook ({format}) did not respond in time.");
        receiver.Bodies.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("https://hooks.slack.com/services/x", true)]
    [InlineData("http://127.0.0.1:1/x", true)]
    [InlineData("http://localhost/x", true)]
    [InlineData("", true)]
    [InlineData("http://hooks.slack.com/services/T0SECRETB0", false)]
    [InlineData("T0SECRETB0", false)]
    [InlineData("ftp://127.0.0.1/T0SECRETB0", false)]
    public void Only_a_loopback_address_can_be_without_https(string url, bool isValid)
    {
        var result = new WebhookOptionsValidator().Validate(new WebhookOptions { Url = url });
        result.IsValid.ShouldBe(isValid);
        result.ToString().ShouldNotContain(WebhookReceiver.Secret);
    }

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private WebhookNotifier Notifier(WebhookReceiver receiver, WebhookFormat format = WebhookFormat.Slack) =>
        new(
            Microsoft.Extensions.Options.Options.Create(
                new WebhookOptions
                {
                    Url = receiver.Url,
                    Format = format,
                    TimeoutSeconds = 2,
                }
            ),
            Microsoft.Extensions.Options.Options.Create(new RunOptions { NotifySeconds = 20 }),
            clock
        );

    private async Task<EtlError> ErrorAsync(WebhookReceiver receiver, WebhookFormat format = WebhookFormat.Slack)
    {
        using var notifier = Notifier(receiver, format);
        var exception = await Should.ThrowAsync<EtlException>(() => notifier.SendAsync(Some, CancellationToken.None));
        exception.ToString().ShouldNotContain(WebhookReceiver.Secret);
        exception.InnerException.ShouldBeNull();
        return exception.Error;
    }

    /// <summary>Starts at the epoch; a pause ends at once and is recorded.</summary>
    private sealed class PausingClock : TimeProvider
    {
        public List<TimeSpan> Pauses { get; } = [];

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Pauses.Add(dueTime);
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
