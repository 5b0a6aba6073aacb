using Etl.Application.Errors;
using Etl.Domain.Runs;

namespace Etl.Application.Runs;

/// <summary>The extensions of a published run, compared with those of this host.</summary>
internal static class PublishedExtensions
{
    /// <summary>Work on a published run with other extensions would mix their tables.</summary>
    /// <param name="extensions">Those of this host.</param>
    /// <param name="published">The published run.</param>
    /// <param name="consequence">What cannot be done otherwise, as the end of a sentence.</param>
    /// <param name="again">What to do after the files are restored.</param>
    /// <exception cref="EtlException">They differ; the error names the files.</exception>
    public static void RequireSame(
        this ExtensionFiles extensions,
        RunHistory published,
        string consequence,
        string again
    )
    {
        var changed = extensions.All.Except(published.Extensions).Concat(published.Extensions.Except(extensions.All));
        if (changed.Select(e => e.File).Distinct().ToList() is { Count: > 0 } files)
        {
            throw new EtlException(
                ErrorCode.Configuration,
                $"Run {published.Run.RunId} was published with other extensions, so {consequence}: "
                    + $"{string.Join(", ", files)} changed since.",
                $"Restore the files and {again}; or run the day with the new files: "
                    + $"etl run --date {new BusinessDate(published.Run.BusinessDate)} --force"
            );
        }
    }
}
