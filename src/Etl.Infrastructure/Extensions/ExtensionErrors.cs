using Etl.Application.Errors;

namespace Etl.Infrastructure.Extensions;

/// <summary>Errors of extensions: configuration that a run cannot start with.</summary>
internal static class ExtensionErrors
{
    private const string NextStep =
        "Correct the files named above; docs/extensions.md describes them, and `etl doctor` checks them.";

    public static EtlException Of(string message, string nextStep, Exception? cause = null) =>
        new(ErrorCode.Configuration, message, nextStep, cause: cause);

    /// <summary>All errors of all files in one.</summary>
    public static EtlException Of(IReadOnlyList<EtlError> errors) =>
        new(
            errors[0] with
            {
                Message = string.Join('\n', errors.Select(e => e.Message)),
                NextStep = errors.Count == 1 ? errors[0].NextStep : NextStep,
            }
        );

    /// <summary>An error at a place of a file.</summary>
    public static EtlError At(string file, JsonItem item, string what) =>
        new(ErrorCode.Configuration, $"{file}, line {item.Line}, column {item.Column}: {what}.", NextStep);

    /// <summary>An error in an entry of a header.</summary>
    public static EtlError At(string file, int line, string what) =>
        new(ErrorCode.Configuration, $"{file}, line {line}: {what}.", NextStep);
}
