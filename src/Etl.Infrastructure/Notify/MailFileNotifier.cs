using Etl.Application.Errors;
using Etl.Application.Operations;
using Etl.Application.Runs;
using Etl.Infrastructure.Aws;
using Etl.Infrastructure.Export.Lake;
using Etl.Infrastructure.FileSystem;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Etl.Infrastructure.Notify;

/// <summary>
/// Writes each message to a file, for machines without a mail server. A run has one file per outcome; sending the message
/// again replaces the file.
/// </summary>
internal sealed partial class MailFileNotifier(
    IOptions<NotifyOptions> options,
    IOptions<LakeOptions> lake,
    TimeProvider clock,
    ILogger<MailFileNotifier> log
) : ICheckedNotifier
{
    public string Name => "file";

    public async Task SendAsync(Message message, CancellationToken cancellationToken)
    {
        var folder = Folder(options.Value, lake.Value);
        var file = Path.Combine(folder, $"{MailText.NameOf(message)}.eml");
        var temp = $"{file}.tmp";
        try
        {
            Directory.CreateDirectory(folder);
            var text = MailText.Write(message, options.Value, clock.GetUtcNow());
            await File.WriteAllBytesAsync(temp, text, cancellationToken);
            AtomicRename.Replace(temp, file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new EtlException(
                ErrorCode.Notify,
                $"Could not write the message to {file}",
                "Give the user that runs etl write permission, or set Etl:Notify:Directory to another folder.",
                retryable: true,
                exception
            );
        }

        LogWritten(message.Subject, file);
    }

    public Task<HealthCheckResult> CheckAsync(CancellationToken cancellationToken)
    {
        var folder = Folder(options.Value, lake.Value);
        return Task.FromResult(
            FolderAccess.CanWrite(folder)
                ? HealthCheckResult.Ok($"messages are written to files in {folder}")
                : HealthCheckResult.Warning(
                    $"Messages cannot be written to {folder}.",
                    "Give the user that runs etl write permission, or set Etl:Notify:Directory to another folder."
                )
        );
    }

    /// <summary>The folder that messages are written to.</summary>
    public static string Folder(NotifyOptions options, LakeOptions lake)
    {
        if (!string.IsNullOrWhiteSpace(options.Directory))
        {
            return Path.GetFullPath(options.Directory);
        }

        return lake.Uri is { Length: > 0 } uri && !S3Address.IsS3(uri)
            ? Path.Combine(FolderUri.PathOf(uri), "mail")
            : Path.GetFullPath("etl-mail");
    }

    [LoggerMessage(40, LogLevel.Information, "Wrote message \"{Subject}\" to {File}")]
    private partial void LogWritten(string subject, string file);
}
