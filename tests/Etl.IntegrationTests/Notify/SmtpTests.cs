using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Infrastructure.Notify;
using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Notify;

public sealed class SmtpTests(PostgresServer server)
{
    private static readonly Message Some = new(
        RunId.Parse("20260301-001"),
        BusinessDate.Parse("2026-03-01"),
        Outcome.Success,
        "Etl 2026-03-01 succeeded",
        "Succeeded.\nBüro.\n"
    );

    [Fact]
    public async Task A_message_arrives_as_it_was_written()
    {
        using var folder = new TempFolder();
        await using var sink = await SmtpSink.StartAsync(folder.Root);
        await Notifier(new SmtpOptions { Host = "127.0.0.1", Port = sink.Port }).SendAsync(Some, default);

        var mail = sink.Mails.Single().ReplaceLineEndings("\n");
        mail.ShouldContain("Subject: Etl 2026-03-01 succeeded\n");
        mail.ShouldContain("To: ops@example.org\n");
        mail.ShouldContain("X-Etl-Outcome: success\n");
    }

    [Fact]
    public async Task A_server_that_is_down_leaves_the_message_to_the_next_start()
    {
        using var folder = new TempFolder();
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        string[] down = ["--Etl:Notify:Smtp:Host=127.0.0.1", $"--Etl:Notify:Smtp:Port={SmtpSink.FreePort()}"];
        var run = await place.RunAsync(down);
        (run.ExitCode, run.Json.GetProperty("status").GetString()).ShouldBe((0, "succeeded"));
        run.Out.ShouldContain("cannot be reached");

        await using var sink = await SmtpSink.StartAsync(folder.Root);
        var again = await place.RunAsync("--Etl:Notify:Smtp:Host=127.0.0.1", $"--Etl:Notify:Smtp:Port={sink.Port}");

        again.Json.GetProperty("status").GetString().ShouldBe("already_done");
        sink.Mails.Single().ShouldContain("Run 20250630-001");
    }

    [Fact]
    public async Task A_server_that_offers_no_encryption_where_it_is_asked_for_gets_nothing()
    {
        using var folder = new TempFolder();
        await using var sink = await SmtpSink.StartAsync(folder.Root);
        var exception = await FaultAsync(sink, SmtpSecurity.StartTls);
        exception.Error.Message.ShouldContain("offers no STARTTLS");
        sink.Mails.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_refused()
    {
        using var folder = new TempFolder();
        var (certificate, key) = SelfSigned(folder);
        await using var sink = await SmtpSink.StartAsync(folder.Root, "--tlscert", certificate, "--tlskey", key);
        var exception = await FaultAsync(sink, SmtpSecurity.StartTls);
        exception.Error.Message.ShouldContain("certificate that cannot be verified");
        sink.Mails.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("open sesame", true)]
    [InlineData("open barley", false)]
    public async Task A_user_logs_in_once_the_way_is_encrypted_by_a_certificate_that_somebody_vouches_for(
        string password,
        bool isRight
    )
    {
        using var folder = new TempFolder();
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        var tls = SelfSigned(folder);
        await using var sink = await SmtpSink.StartGuardedAsync(folder.Root, tls, ("etl", "open sesame"));
        string[] mail =
        [
            "--Etl:Notify:Smtp:Host=127.0.0.1",
            $"--Etl:Notify:Smtp:Port={sink.Port}",
            "--Etl:Notify:Smtp:Security=StartTls",
        ];
        // The process trusts the certificate, as a machine's store would; nothing in the product is loosened for it.
        var environment = new Dictionary<string, string>
        {
            ["SSL_CERT_FILE"] = tls.Certificate,
            [SmtpNotifier.UserVariable] = "etl",
            [SmtpNotifier.PasswordVariable] = password,
        };

        var doctor = Finding(await StartAsync(["doctor", "--connection", place.Connection, "--json", .. mail]));
        sink.Mails.ShouldBeEmpty("the doctor sends none");
        var run = await StartAsync(place.RunLine(mail));

        run.ExitCode.ShouldBe(0, run.Error);
        sink.Mails.Count.ShouldBe(isRight ? 1 : 0);
        run.Out.Contains("refused the user of ETL_SMTP_USERNAME", StringComparison.Ordinal).ShouldBe(!isRight, run.Out);
        doctor.Level.ShouldBe(isRight ? "ok" : "warning");
        doctor.Message.ShouldContain(isRight ? "encrypted, certificate verified; logged in" : "refused the user");
        $"{run.Out} {run.Error} {doctor}".ShouldNotContain(password);

        Task<EtlProcess> StartAsync(string[] line) =>
            EtlProcess.RunOfAsync(AppContext.BaseDirectory, place.Folder, _ => Task.CompletedTask, line, environment);
    }

    /// <summary>A name in capitals is no address of loopback by the rule, and reaches the stand-in all the same.</summary>
    [Fact]
    public async Task A_password_goes_to_no_other_machine_unencrypted()
    {
        using var folder = new TempFolder();
        await using var sink = await SmtpSink.StartAsync(folder.Root);
        var notifier = Notifier(
            new SmtpOptions
            {
                Host = "LOCALHOST",
                Port = sink.Port,
                Security = SmtpSecurity.Plain,
            },
            ("etl", "open sesame")
        );
        var exception = await Should.ThrowAsync<EtlException>(() => notifier.SendAsync(Some, default));
        exception.Error.Message.ShouldContain("not encrypted, so it gets no password");
        exception.Error.Message.ShouldNotContain("sesame");
    }

    [Fact]
    public async Task The_doctor_goes_to_the_server_and_gives_it_no_message()
    {
        using var folder = new TempFolder();
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        await using var sink = await SmtpSink.StartAsync(folder.Root);
        (await DoctorAsync(sink.Port)).ShouldBe(
            ("ok", $"messages go by 127.0.0.1:{sink.Port} (not encrypted; no login)")
        );
        sink.Mails.ShouldBeEmpty();

        var closed = SmtpSink.FreePort();
        (await DoctorAsync(closed)).ShouldBe(("warning", $"The mail server 127.0.0.1:{closed} cannot be reached."));

        async Task<(string Level, string Message)> DoctorAsync(int port) =>
            Finding(
                await EtlProcess.RunAsync(
                    place.Folder,
                    "doctor",
                    "--json",
                    "--connection",
                    place.Connection,
                    "--Etl:Notify:Smtp:Host=127.0.0.1",
                    $"--Etl:Notify:Smtp:Port={port}"
                )
            );
    }

    [Fact]
    public async Task A_password_is_in_no_word_of_a_refusal()
    {
        using var folder = new TempFolder();
        await using var sink = await SmtpSink.StartAsync(folder.Root);
        var notifier = Notifier(new SmtpOptions { Host = "127.0.0.1", Port = sink.Port }, ("etl", "open sesame"));
        var exception = await Should.ThrowAsync<EtlException>(() => notifier.SendAsync(Some, default));
        exception.Error.Code.ShouldBe(ErrorCode.Notify);
        $"{exception.Error}".ShouldNotContain("sesame");
    }

    private static async Task<EtlException> FaultAsync(SmtpSink sink, SmtpSecurity security)
    {
        var notifier = Notifier(
            new SmtpOptions
            {
                Host = "127.0.0.1",
                Port = sink.Port,
                Security = security,
            }
        );
        var exception = await Should.ThrowAsync<EtlException>(() => notifier.SendAsync(Some, default));
        exception.Error.Code.ShouldBe(ErrorCode.Notify);
        return exception;
    }

    private static (string Level, string Message) Finding(EtlProcess doctor)
    {
        var notifier = doctor
            .Json.GetProperty("checks")
            .EnumerateArray()
            .Single(c => c.GetProperty("name").GetString() == "notifier");
        return (notifier.GetProperty("level").GetString()!, notifier.GetProperty("message").GetString()!);
    }

    private static SmtpNotifier Notifier(SmtpOptions smtp, (string?, string?) user = default) =>
        new(smtp, new NotifyOptions { To = "ops@example.org" }, user, TimeProvider.System);

    private static (string Certificate, string Key) SelfSigned(TempFolder folder)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return (
            folder.Write("cert.pem", certificate.ExportCertificatePem()),
            folder.Write("key.pem", key.ExportPkcs8PrivateKeyPem())
        );
    }
}
