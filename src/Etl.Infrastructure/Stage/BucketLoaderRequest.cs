using Etl.Application.Errors;
using Etl.Application.Stage;
using Etl.Domain.Runs;
using Etl.Infrastructure.Aws;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Etl.Infrastructure.Stage;

/// <summary>
/// Writes an object whose name is the run, for a network that reaches S3 and nothing that starts tasks. A rule on the bucket
/// starts the loaders with the location of the object. Each request writes the object again, because only a write is an event.
/// </summary>
internal sealed partial class BucketLoaderRequest(
    IOptions<LoaderOptions> options,
    S3Access s3,
    ILogger<BucketLoaderRequest> log
) : ILoaderRequest
{
    private const string Setting = "Etl:Loaders:RequestsUri";

    public Task SendAsync(RunId run, CancellationToken cancellationToken) =>
        options.Value.RequestsUri is { Length: > 0 } uri
            ? WriteAsync(S3Address.Parse(uri).Below($"{run}"), run, cancellationToken)
            : Task.CompletedTask;

    private async Task WriteAsync(S3Address place, RunId run, CancellationToken cancellationToken)
    {
        await new ConditionalObjects(s3, Explain).ReplaceAsync(place, $"{run}\n", cancellationToken);
        LogWritten(run, place.ToString());
    }

    private static EtlException Explain(S3Address place, Exception exception) =>
        S3Errors.Explain(
            ErrorCode.Lake,
            place,
            "s3:PutObject on it",
            Setting,
            exception,
            "the next run requests loaders again"
        );

    [LoggerMessage(48, LogLevel.Information, "Run {RunId}: requested loaders by {Object}")]
    private partial void LogWritten(RunId runId, string @object);
}
