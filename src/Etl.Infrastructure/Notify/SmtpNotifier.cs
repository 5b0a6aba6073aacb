using System.Net;
using System.Net.Sockets;
using Etl.Application.Errors;
using Etl.Application.Operations;
using Etl.Application.Runs;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Etl.Infrastructure.Notify;

/// <summary>Sends each message through a mail server.</summary>
internal sealed class SmtpNotifier(
    SmtpOptions options,
    NotifyOptions notify,
    (string? Name, string? Password) user,
    TimeProvider clock
) : ICheckedNotifier
{
    public const string UserVariable = "ETL_SMTP_USERNAME";
    public const string PasswordVariable = "ETL_SMTP_PASSWORD";

    public string Name => "smtp";

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

    /// <summary>Connects and logs in as for a message, without sending one.</summary>
    public async Task<HealthCheckResult> CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            return HealthCheckResult.Ok(await ConnectAsync(cancellationToken));
        }
        catch (EtlException exception)
        {
            return HealthCheckResult.Warning(exception.Error.Message, exception.Error.NextStep);
        }
    }

    /// <returns>A description of the connection.</returns>
    private async Task<string> ConnectAsync(CancellationToken cancellationToken)
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
        var encryption = isSecure ? "encrypted, certificate verified" : "not encrypted";
        var login = user.Name is { Length: > 0 } ? "logged in" : "no login";
        return $"messages are sent through {options.Host}:{options.Port} ({encryption}; {login})";
    }

    private async Task WithServerAsync(Func<SmtpClient, Task> work, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new SmtpClient { Timeout = options.TimeoutSeconds * 1000 };
            await client.ConnectAsync(options.Host!, options.Port, Security(), cancellationToken);
            if (user.Name is { Length: > 0 } name)
            {
                RequireEncryption(client);
                await client.AuthenticateAsync(name, user.Password ?? "", cancellationToken);
            }

            await work(client);
            await client.DisconnectAsync(quit: true, CancellationToken.None);
        }
        catch (Exception exception) when (Explain(exception) is { } reason)
        {
            throw new EtlException(
                ErrorCode.Notify,
                $"The mail server {options.Host}:{options.Port} {reason}.",
                "Check Etl:Notify:Smtp and the server; the next start sends the message.",
                // Another message can have other recipients; everything else concerns all messages.
                exception is not SmtpCommandException,
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

    private void RequireEncryption(SmtpClient client)
    {
        if (!client.IsSecure && !IsLoopback)
        {
            throw new EtlException(
                ErrorCode.Notify,
                $"The connection to the mail server {options.Host} is not encrypted, so no password is sent.",
                $"Set Etl:Notify:Smtp:Security to StartTls or Tls, or remove {UserVariable}."
            );
        }
    }

    /// <summary>By the type of the exception: the server's own text can contain addresses and is not shown.</summary>
    private static string? Explain(Exception exception) =>
        exception switch
        {
            SocketException => "cannot be reached",
            TimeoutException => "did not respond in time",
            SslHandshakeException => "has a certificate that cannot be verified, or does not support TLS",
            NotSupportedException => "does not support STARTTLS or login",
            MailKit.Security.AuthenticationException => $"rejected the user in {UserVariable}",
            SmtpCommandException rejected => $"rejected the message with status {(int)rejected.StatusCode}",
            ServiceNotConnectedException or ProtocolException or IOException => "closed the connection",
            _ => null,
        };
}
