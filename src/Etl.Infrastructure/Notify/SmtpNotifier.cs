using System.Net;
using System.Net.Sockets;
using Etl.Application.Errors;
using Etl.Application.Notify;
using Etl.Application.Runs;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Etl.Infrastructure.Notify;

/// <summary>Sends each message by a mail server.</summary>
internal sealed class SmtpNotifier(
    SmtpOptions options,
    NotifyOptions notify,
    (string? Name, string? Password) user,
    TimeProvider clock
) : INotifier
{
    public const string UserVariable = "ETL_SMTP_USERNAME";
    public const string PasswordVariable = "ETL_SMTP_PASSWORD";

    public Task SendAsync(Message message, CancellationToken cancellationToken) =>
        WithServerAsync(
            async client =>
            {
                using var text = new MemoryStream(MailText.Write(message, notify, clock.GetUtcNow()));
                using var mail = await MimeMessage.LoadAsync(text, cancellationToken);
                await client.SendAsync(mail, cancellationToken);
            },
            cancellationToken
        );

    /// <summary>Goes all the way that a message would go, and gives the server none.</summary>
    /// <returns>What was found, for people.</returns>
    /// <exception cref="EtlException">The server takes no message of ours.</exception>
    public async Task<string> TryAsync(CancellationToken cancellationToken)
    {
        var isSecure = false;
        await WithServerAsync(
            client =>
            {
                isSecure = client.IsSecure;
                return client.NoOpAsync(cancellationToken);
            },
            cancellationToken
        );
        var way = isSecure ? "encrypted, certificate verified" : "not encrypted";
        var login = user.Name is { Length: > 0 } ? "logged in" : "no login";
        return $"messages go by {options.Host}:{options.Port} ({way}; {login})";
    }

    private async Task WithServerAsync(Func<SmtpClient, Task> work, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new SmtpClient { Timeout = options.TimeoutSeconds * 1000 };
            await client.ConnectAsync(options.Host!, options.Port, Security(), cancellationToken);
            if (user.Name is { Length: > 0 } name)
            {
                RequireSecrecy(client);
                await client.AuthenticateAsync(name, user.Password ?? "", cancellationToken);
            }

            await work(client);
            await client.DisconnectAsync(quit: true, CancellationToken.None);
        }
        catch (Exception exception) when (Explain(exception) is { } words)
        {
            throw new EtlException(
                ErrorCode.Notify,
                $"The mail server {options.Host}:{options.Port} {words}.",
                "See Etl:Notify:Smtp and the server; a message that was not sent waits for the next start.",
                retryable: true,
                exception
            );
        }
    }

    private bool IsLoopback =>
        options.Host == "localhost"
        || (IPAddress.TryParse(options.Host, out var address) && IPAddress.IsLoopback(address));

    private SecureSocketOptions Security() =>
        (options.Security ?? (IsLoopback ? SmtpSecurity.Plain : SmtpSecurity.StartTls)) switch
        {
            SmtpSecurity.Tls => SecureSocketOptions.SslOnConnect,
            SmtpSecurity.Plain => SecureSocketOptions.None,
            _ => SecureSocketOptions.StartTls,
        };

    private void RequireSecrecy(SmtpClient client)
    {
        if (!client.IsSecure && !IsLoopback)
        {
            throw new EtlException(
                ErrorCode.Notify,
                $"The way to the mail server {options.Host} is not encrypted, so it gets no password.",
                $"Set Etl:Notify:Smtp:Security to StartTls or Tls, or take {UserVariable} away."
            );
        }
    }

    /// <summary>By the kind of the exception: a server's own words may hold addresses, and are not passed on.</summary>
    private static string? Explain(Exception exception) =>
        exception switch
        {
            SocketException => "cannot be reached",
            TimeoutException => "does not answer in time",
            SslHandshakeException => "has a certificate that cannot be verified, or speaks no TLS",
            NotSupportedException => "offers no STARTTLS, or no way to log in",
            MailKit.Security.AuthenticationException => $"refused the user of {UserVariable}",
            SmtpCommandException refused => $"refused the message with status {(int)refused.StatusCode}",
            ServiceNotConnectedException or ProtocolException or IOException => "broke the connection off",
            _ => null,
        };
}
