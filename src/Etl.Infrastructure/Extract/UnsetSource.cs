using Etl.Application.Errors;
using Etl.Application.Extract;
using Etl.Application.Runs;
using Etl.Domain.Runs;

namespace Etl.Infrastructure.Extract;

/// <summary>The source of a host that has none: an error only for what reads files, which a rollback does not.</summary>
internal sealed class UnsetSource : ISourceStore
{
    private static EtlException Error =>
        new(
            ErrorCode.Configuration,
            "No source is set.",
            "Set the folder or bucket of the source files with --source or Etl:Source:Uri."
        );

    public string Describe(BusinessDate date) => throw Error;

    public Task<SourceFile?> FindAsync(
        BusinessDate date,
        IReadOnlyList<string> fileNames,
        CancellationToken cancellationToken
    ) => throw Error;

    public Task<SourceFile> PinAsync(string location, CancellationToken cancellationToken) => throw Error;

    public Task<Stream> OpenAsync(SourceFile file, CancellationToken cancellationToken) => throw Error;

    public Task VerifyUnchangedAsync(SourceFile file, CancellationToken cancellationToken) => throw Error;
}
