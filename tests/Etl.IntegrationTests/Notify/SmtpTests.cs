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
    public async Task A_message_is_delivered_unchanged()
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
    public async Task The_next_start_sends_a_message_that_the_server_did_not_receive()
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
    public async Task A_server_without_required_encryption_receives_nothing()
    {
        using var folder = new TempFolder();
        await using var sink = await SmtpSink.StartAsync(folder.Root);
        var exception = await ErrorAsync(sink, SmtpSecurity.StartTls);
        exception.Error.Message.ShouldContain("does not support STARTTLS");
        sink.Mails.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_untrusted_certificate_is_an_error()
    {
        using var folder = new TempFolder();
        var (certificate, key) = SelfSigned(folder);
        await using var sink = await SmtpSink.StartAsync(folder.Root, "--tlscert", certificate, "--tlskey", key);
        var exception = await ErrorAsync(sink, SmtpSecurity.StartTls);
        exception.Error.Message.ShouldContain("certificate that cannot be verified");
        sink.Mails.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("open sesame", true)]
    [InlineData("open barley", false)]
    public async Task A_user_logs_in_over_TLS_with_a_trusted_certificate(string password, bool isRight)
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

        var doctor = ResultOf(await StartAsync(["doctor", "--connection", place.Connection, "--json", .. mail]));
        sink.Mails.ShouldBeEmpty("the doctor sends none");
        var run = await StartAsync(place.RunLine(mail));

        run.ExitCode.ShouldBe(0, run.Error);
        sink.Mails.Count.ShouldBe(isRight ? 1 : 0);
        run.Out.Contains("rejected the user in ETL_SMTP_USERNAME", StringComparison.Ordinal)
            .ShouldBe(!isRight, run.Out);
        doctor.Level.ShouldBe(isRight ? "ok" : "warning");
        doctor.Message.ShouldContain(isRight ? "encrypted, certificate verified; logged in" : "rejected the user");
        $"{run.Out} {run.Error} {doctor}".ShouldNotContain(password);

        Task<EtlProcess> StartAsync(string[] line) =>
            EtlProcess.RunOfAsync(HostPrograms.Folder, place.Folder, _ => Task.CompletedTask, line, environment);
    }

    /// <summary>A host name in capitals does not count as loopback but still resolves to the test server.</summary>
    [Fact]
    public async Task A_password_is_not_sent_unencrypted_to_another_machine()
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
        exception.Error.Message.ShouldContain("not encrypted, so no password is sent");
        exception.Error.Message.ShouldNotContain("sesame");
    }

    [Fact]
    public async Task The_doctor_connects_to_the_server_without_sending_a_message()
    {
        using var folder = new TempFolder();
        await using var place = await Workplace.CreateAsync(server, migrated: true);
        await using var sink = await SmtpSink.StartAsync(folder.Root);
        (await DoctorAsync(sink.Port)).ShouldBe(
            ("ok", $"messages are sent through 127.0.0.1:{sink.Port} (not encrypted; no login)")
        );
        sink.Mails.ShouldBeEmpty();

        var closed = SmtpSink.FreePort();
        (await DoctorAsync(closed)).ShouldBe(("warning", $"The mail server 127.0.0.1:{closed} cannot be reached."));

        async Task<(string Level, string Message)> DoctorAsync(int port) =>
            ResultOf(
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
    public async Task Errors_do_not_contain_the_password()
    {
        using var folder = new TempFolder();
        await using var sink = await SmtpSink.StartAsync(folder.Root);
        var notifier = Notifier(new SmtpOptions { Host = "127.0.0.1", Port = sink.Port }, ("etl", "open sesame"));
        var exception = await Should.ThrowAsync<EtlException>(() => notifier.SendAsync(Some, default));
        exception.Error.Code.ShouldBe(ErrorCode.Notify);
        $"{exception.Error}".ShouldNotContain("sesame");
    }

    private static async Task<EtlException> ErrorAsync(SmtpSink sink, SmtpSecurity security)
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

    private static (string Level, string Message) ResultOf(EtlProcess doctor)
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
