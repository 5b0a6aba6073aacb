using System.Net;
using System.Net.Sockets;
using Etl.Application.Errors;
using Etl.Application.Ports;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Etl.Infrastructure.Notifications;

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

    public async Task SendAsync(Message message, CancellationToken cancellationToken)
    {
        try
        {
            using var text = new MemoryStream(MailText.Write(message, notify, clock.GetUtcNow()));
            using var mail = await MimeMessage.LoadAsync(text, cancellationToken);
            using var client = new SmtpClient { Timeout = options.TimeoutSeconds * 1000 };
            await client.ConnectAsync(options.Host!, options.Port, Security(), cancellationToken);
            if (user.Name is { Length: > 0 } name)
            {
                RequireSecrecy(client);
                await client.AuthenticateAsync(name, user.Password ?? "", cancellationToken);
            }

            await client.SendAsync(mail, cancellationToken);
            await client.DisconnectAsync(quit: true, CancellationToken.None);
        }
        catch (Exception fault) when (Explain(fault) is { } words)
        {
            throw new EtlException(
                ErrorCode.Notify,
                $"The mail server {options.Host}:{options.Port} {words}.",
                "See Etl:Notify:Smtp and the server; the next start sends the message.",
                retryable: true,
                fault
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

    /// <summary>By the kind of the fault: a server's own words may hold addresses, and are not passed on.</summary>
    private static string? Explain(Exception fault) =>
        fault switch
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
