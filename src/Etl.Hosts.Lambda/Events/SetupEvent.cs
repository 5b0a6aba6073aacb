using System.Text.Json;
using Etl.Application.Errors;

namespace Etl.Hosts.Lambda.Events;

/// <summary>
/// The event of a deployment, with the secret of the database's administrator as Secrets Manager keeps it:
/// <c>{"setup":{"username","password"}}</c>. It is read only where it is the whole event: a queue would keep the password.
/// </summary>
internal sealed class SetupEvent
{
    private const string Field = "setup";

    private SetupEvent(string username, string password) => (Username, Password) = (username, password);

    public string Username { get; }

    public string Password { get; }

    /// <summary>The login; null for any other event.</summary>
    /// <exception cref="EtlException">The event has other fields, or no username or password.</exception>
    public static SetupEvent? Read(ReadOnlyMemory<byte> payload)
    {
        try
        {
            using var json = JsonDocument.Parse(payload);
            return json.RootElement.Child(Field) is { ValueKind: not JsonValueKind.Undefined } login
                ? Read(json.RootElement, login)
                : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null; // the reader of the other events explains it
        }
    }

    private static SetupEvent Read(JsonElement root, JsonElement login)
    {
        ManualEvent.RefuseUnknown(root, [Field]);
        try
        {
            return
                login.Text("username") is { Length: > 0 } username && login.Text("password") is { Length: > 0 } password
                ? new SetupEvent(username, password)
                : throw Incomplete(null);
        }
        catch (InvalidOperationException exception) // a text that is no valid Unicode
        {
            throw Incomplete(exception);
        }
    }

    private static EtlException Incomplete(Exception? cause) =>
        new(
            ErrorCode.Usage,
            "The event setup has no username or no password.",
            """Send {"setup":SECRET} with the secret of the database's administrator, {"username":"...","password":"..."}.""",
            retryable: false,
            cause
        );
}
