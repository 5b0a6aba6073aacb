using System.Text;
using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Infrastructure.Export.Lake;
using Etl.Infrastructure.Notify;
using Etl.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace Etl.UnitTests.Notify;

public sealed class MailFileTests : IDisposable
{
    private static readonly RunId Run = RunId.Parse("20220905-001");
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_message_is_a_mail_file_beside_the_exports()
    {
        await Notifier(new NotifyOptions()).SendAsync(MessageOf("All good.\nRows: 3\n"), default);

        var mail = await File.ReadAllTextAsync(folder["mail/20220905-001.success.eml"]);
        mail.ShouldBe(
            """
            Date: Mon, 05 Sep 2022 03:04:05 +0000
            From: etl@localhost
            To: etl-reports@localhost
            Subject: Etl 2022-09-05: succeeded
            Message-ID: <20220905-001.success@etl.localhost>
            X-Etl-Outcome: success
            X-Etl-Business-Date: 2022-09-05
            MIME-Version: 1.0
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: 7bit

            All good.
            Rows: 3

            """.ReplaceLineEndings("\r\n")
        );
    }

    [Fact]
    public async Task The_same_message_replaces_its_file_and_another_outcome_has_its_own_file()
    {
        var notifier = Notifier(new NotifyOptions { Directory = folder["post"] });

        await notifier.SendAsync(MessageOf("one"), default);
        await notifier.SendAsync(MessageOf("two"), default);
        await notifier.SendAsync(MessageOf("three") with { Outcome = Outcome.Failure }, default);
        await notifier.SendAsync(MessageOf("four") with { RunId = null, Outcome = Outcome.Failure }, default);

        Directory
            .GetFiles(folder["post"])
            .Select(Path.GetFileName)
            .ShouldBe(
                ["20220905-001.success.eml", "20220905-001.failure.eml", "2022-09-05-unrecorded.failure.eml"],
                ignoreOrder: true
            );
        (await File.ReadAllTextAsync(folder["post/20220905-001.success.eml"])).ShouldEndWith("\r\ntwo\r\n");
    }

    [Fact]
    public void A_subject_cannot_add_a_header()
    {
        var mail = Text(MessageOf("x") with { Subject = "good\r\nBcc: all@example.org" });

        mail.ShouldContain("Subject: good  Bcc: all@example.org\r\n");
        mail.ShouldNotContain("\r\nBcc:");
    }

    [Fact]
    public void Text_in_any_language_and_lines_of_any_length_are_preserved()
    {
        var text = Text(MessageOf("Größe 3"));
        var longLine = new string('ß', 2000);
        var encoded = Text(MessageOf(longLine));

        text.ShouldContain("Content-Transfer-Encoding: 8bit\r\n");
        text.ShouldEndWith("\r\nGröße 3\r\n");
        encoded.ShouldContain("Content-Transfer-Encoding: base64\r\n");
        encoded.Split("\r\n").ShouldAllBe(l => l.Length <= 78);
        Encoding.UTF8.GetString(Convert.FromBase64String(encoded.Split("\r\n\r\n")[1])).ShouldBe(longLine);
    }

    [Fact]
    public async Task A_folder_without_write_permission_is_a_notify_error()
    {
        var file = folder.Write("post", "a file");
        var notifier = Notifier(new NotifyOptions { Directory = file });

        var exception = await Should.ThrowAsync<EtlException>(() => notifier.SendAsync(MessageOf("x"), default));

        exception.Error.Code.ShouldBe(ErrorCode.Notify);
        exception.Error.NextStep.ShouldContain("Etl:Notify:Directory");
    }

    private MailFileNotifier Notifier(NotifyOptions options) =>
        new(
            Options.Create(options),
            Options.Create(new LakeOptions { Uri = folder.Root }),
            new FixedClock(),
            NullLogger<MailFileNotifier>.Instance
        );

    private static string Text(Message message) =>
        Encoding.UTF8.GetString(MailText.Write(message, new NotifyOptions(), new FixedClock().GetUtcNow()));

    private static Message MessageOf(string body) =>
        new(Run, Run.BusinessDate, Outcome.Success, "Etl 2022-09-05: succeeded", body);

    private sealed class FixedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2022, 9, 5, 5, 4, 5, TimeSpan.FromHours(2));
    }
}
