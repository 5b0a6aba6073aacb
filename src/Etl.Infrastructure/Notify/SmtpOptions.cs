namespace Etl.Infrastructure.Notify;

/// <summary>
/// A mail server that gets each message. User name and password are no settings, which end in files and process lists: they are
/// read from the environment, <c>ETL_SMTP_USERNAME</c> and <c>ETL_SMTP_PASSWORD</c>. Section <c>Etl:Notify:Smtp</c>.
/// </summary>
public sealed class SmtpOptions
{
    /// <summary>The server's name. Default none: messages go elsewhere. <c>Etl:Notify:TopicArn</c> comes first.</summary>
    public string? Host { get; set; }

    /// <summary>The server's port, 1 to 65,535. Default 587.</summary>
    public int Port { get; set; } = 587;

    /// <summary>
    /// How the way to the server is kept from others. Default <see cref="SmtpSecurity.StartTls"/>, on loopback
    /// <see cref="SmtpSecurity.Plain"/>. The certificate is verified in any case.
    /// </summary>
    public SmtpSecurity? Security { get; set; }

    /// <summary>Seconds that each answer of the server is waited for, 1 to 120. Default 15.</summary>
    public int TimeoutSeconds { get; set; } = 15;
}

/// <summary>How the way to a mail server is kept from others.</summary>
public enum SmtpSecurity
{
    /// <summary>Encrypted after a plain greeting; a server that does not offer it is refused.</summary>
    StartTls,

    /// <summary>Encrypted from the first byte, as on port 465.</summary>
    Tls,

    /// <summary>Not encrypted. With a password only on loopback.</summary>
    Plain,
}
