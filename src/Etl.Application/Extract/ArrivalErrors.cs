using Etl.Application.Errors;
using Etl.Application.Runs;
using Etl.Domain.Datasets;

namespace Etl.Application.Extract;

/// <summary>What the arrival gate can find, in words.</summary>
internal static class ArrivalErrors
{
    private const string Rerun = "then run again; nothing was changed.";

    public static EtlError Missing(Dataset dataset, string location) =>
        new(
            ErrorCode.SourceMissing,
            $"The {dataset} file is missing: no {string.Join(" or ", dataset.FileNames)} in {location}.",
            $"Put the file there, {Rerun}",
            Retryable: true
        );

    public static EtlError Empty(Dataset dataset, SourceFile file) =>
        new(
            ErrorCode.SourceEmpty,
            $"The {dataset} file is empty: {file.Uri} has no bytes.",
            $"Ask for the file again, {Rerun}",
            Retryable: true
        );

    public static EtlError HeaderOnly(string dataset, SourceFile file) =>
        new(
            ErrorCode.SourceEmpty,
            $"The {dataset} file has a header and no row: {file.Uri}.",
            $"Ask for the file again, or allow it with Etl:Quality:OnHeaderOnly, {Rerun}",
            Retryable: true
        );

    public static EtlError Unchanged(string dataset, SourceFile file, string since) =>
        new(
            ErrorCode.SourceUnchanged,
            $"The {dataset} file has the same bytes as in the run of {since}: {file.Uri}.",
            $"See whether the day's files have arrived, {Rerun}",
            Retryable: true
        );

    public static EtlError UnusualVolume(string dataset, SourceFile file, long rows, long before) =>
        new(
            ErrorCode.SourceVolume,
            $"The {dataset} file has {rows} rows where the last run had {before}: {file.Uri}.",
            $"See whether the file is whole, or allow it with Etl:Quality:OnUnusualVolume, {Rerun}"
        );
}
