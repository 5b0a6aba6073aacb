using System.Globalization;
using Etl.Application.Errors;
using Etl.Application.Runs;

namespace Etl.Infrastructure.Transform;

/// <summary>Errors of the optional files.</summary>
internal static class DimensionErrors
{
    /// <param name="file">The file.</param>
    /// <param name="bytes">Its size, or that of its content as far as it was read.</param>
    public static EtlException Size(SourceFile file, long bytes) =>
        Unreadable(
            bytes == 0
                ? $"{file.FileName} is empty"
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"{file.FileName} has {bytes:#,0} bytes or more; at most {DimensionReader.MaxBytes:#,0} are read"
                ),
            file
        );

    /// <param name="file">The file.</param>
    /// <param name="line">Line of the row.</param>
    /// <param name="what">What is wrong, without a full stop.</param>
    public static EtlException Row(SourceFile file, long line, string what) =>
        Unreadable($"{file.FileName}, line {line}: {what}", file);

    private static EtlException Unreadable(string what, SourceFile file) =>
        new(
            ErrorCode.SourceUnreadable,
            $"{what}. The file is {file.Uri}.",
            "Correct the file, or remove it to have names and calendar computed, and run again; nothing was published."
        );
}
