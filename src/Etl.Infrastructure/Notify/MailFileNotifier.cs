using Etl.Application.Errors;
using Etl.Application.Notify;
using Etl.Application.Runs;
using Etl.Infrastructure.Aws;
using Etl.Infrastructure.Export.Lake;
using Etl.Infrastructure.FileSystem;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Etl.Infrastructure.Notify;

/// <summary>
/// Leaves each message as a file, for machines that send none. A run has one file for an outcome: sending it again replaces
/// it.
/// </summary>
internal sealed partial class MailFileNotifier(
    IOptions<NotifyOptions> options,
    IOptions<LakeOptions> lake,
    TimeProvider clock,
    ILogger<MailFileNotifier> log
) : INotifier
{
    public async Task SendAsync(Message message, CancellationToken cancellationToken)
    {
        var folder = Folder(options.Value, lake.Value);
        var file = Path.Combine(folder, FileName(message));
        var draft = $"{file}.tmp";
        try
        {
            Directory.CreateDirectory(folder);
            var text = MailText.Write(message, options.Value, clock.GetUtcNow());
            await File.WriteAllBytesAsync(draft, text, cancellationToken);
            AtomicRename.Take(draft, file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new EtlException(
                ErrorCode.Notify,
                $"The message could not be written to {file}",
                "Let the user that runs etl write there, or set Etl:Notify:Directory to another folder.",
                retryable: true,
                exception
            );
        }

        LogWritten(message.Subject, file);
    }

    /// <summary>Where messages are left.</summary>
    public static string Folder(NotifyOptions options, LakeOptions lake)
    {
        if (!string.IsNullOrWhiteSpace(options.Directory))
        {
            return Path.GetFullPath(options.Directory);
        }

        return lake.Uri is { Length: > 0 } uri && !S3Address.IsOne(uri)
            ? Path.Combine(FolderUri.PathOf(uri), "mail")
            : Path.GetFullPath("etl-mail");
    }

    private static string FileName(Message message) => $"{MailText.NameOf(message)}.eml";

    [LoggerMessage(40, LogLevel.Information, "{Subject} (message in {File})")]
    private partial void LogWritten(string subject, string file);
}
