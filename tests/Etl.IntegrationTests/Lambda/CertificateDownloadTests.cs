using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Etl.IntegrationTests.Console;
using Etl.TestKit;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Lambda;

/// <summary>The download of the RDS certificates into the image, from a server with a certificate of its own.</summary>
public sealed class CertificateDownloadTests : IAsyncLifetime
{
    private const string Certificates = "-----BEGIN CERTIFICATE-----\n";

    private readonly TempFolder folder = new();
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 certificate = Create();
    private Task serving = Task.CompletedTask;

    private string Url => $"https://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}/rds.pem";

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(folder["authority.pem"], certificate.ExportCertificatePem());
        listener.Start();
        serving = ServeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        await serving;
        listener.Dispose();
        certificate.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task The_file_is_kept_if_its_hash_is_the_given_one_or_if_none_is_given()
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Certificates)));
        foreach (var expected in new[] { hash, "" })
        {
            var download = await DownloadAsync(Url, expected);

            download.ExitCode.ShouldBe(0, download.Error);
            download.Out.ShouldContain(hash);
            (await File.ReadAllTextAsync(folder["in/rds.pem"])).ShouldBe(Certificates);
            File.Delete(folder["in/rds.pem"]);
        }
    }

    [Fact]
    public async Task A_file_with_another_hash_fails_the_build_and_is_not_kept()
    {
        var download = await DownloadAsync(Url, new string('0', 64));

        download.ExitCode.ShouldBe(1);
        download.Error.ShouldContain("are not those of RDS_CA_SHA256");
        download.Error.ShouldContain("Next: ");
        File.Exists(folder["in/rds.pem"]).ShouldBeFalse();
    }

    [Fact]
    public async Task A_server_without_a_known_certificate_or_without_TLS_or_without_the_file_fails_the_build()
    {
        (await DownloadAsync(Url, "", authority: "")).ExitCode.ShouldBe(60);
        (await DownloadAsync(Url.Replace("https", "http", StringComparison.Ordinal), "")).ExitCode.ShouldBe(1);
        (await DownloadAsync(Url.Replace("rds", "other", StringComparison.Ordinal), "")).ExitCode.ShouldBe(22);
    }

    [Fact]
    public async Task Without_a_URL_the_image_has_no_certificates()
    {
        (await DownloadAsync("", "")).ExitCode.ShouldBe(0);

        File.Exists(folder["in/rds.pem"]).ShouldBeFalse();
    }

    private Task<EtlProcess> DownloadAsync(string url, string hash, string? authority = null) =>
        EtlProcess.RunFromAsync(
            $"CURL_CA_BUNDLE='{authority ?? folder["authority.pem"]}' RDS_CA_URL='{url}' RDS_CA_SHA256={hash} "
                + $"build/certificates '{folder["in/rds.pem"]}'",
            Repository.Root
        );

    private async Task ServeAsync()
    {
        while (true)
        {
            try
            {
                using var client = await listener.AcceptTcpClientAsync();
                await using var stream = new SslStream(client.GetStream());
                await stream.AuthenticateAsServerAsync(certificate);
                using var reader = new StreamReader(stream);
                var found = (await reader.ReadLineAsync())?.StartsWith("GET /rds.pem ", StringComparison.Ordinal);
                var answer =
                    found == true
                        ? $"HTTP/1.0 200 OK\r\nContent-Length: {Certificates.Length}\r\n\r\n{Certificates}"
                        : "HTTP/1.0 404 Not Found\r\nContent-Length: 0\r\n\r\n";
                await stream.WriteAsync(Encoding.ASCII.GetBytes(answer));
            }
            catch (Exception exception)
                when (exception is IOException or System.Security.Authentication.AuthenticationException)
            {
                // The client refused the certificate, or does not use TLS.
            }
            catch (Exception exception)
                when (exception is ObjectDisposedException or SocketException or InvalidOperationException)
            {
                return;
            }
        }
    }

    private static X509Certificate2 Create()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
