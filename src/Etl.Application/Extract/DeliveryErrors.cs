using System.Globalization;
using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Application.Runs;

namespace Etl.Application.Extract;

/// <summary>Errors of a delivery that is incomplete, or that contradicts what its sender states.</summary>
internal static class DeliveryErrors
{
    private const string Rerun = "then run again; nothing was changed.";

    public static EtlError OtherHash(
        string file,
        string uri,
        string by,
        string algorithm,
        string stated,
        string found
    ) =>
        new(
            ErrorCode.SourceIncomplete,
            $"{file} is not the file that was sent: {by} states {algorithm} {stated}, the file has {found}: {uri}.",
            $"Request {file} and {by} again, {Rerun}",
            Retryable: true
        );

    public static EtlError OtherRows(StagedFile file, string by, long stated)
    {
        var difference = Math.Abs(stated - file.RowCounts.Rows);
        var noun = Counted.Of(difference, "row");
        var are = difference == 1 ? "is" : "are";
        var what = file.RowCounts.Rows < stated ? "missing" : "too many";
        return new EtlError(
            ErrorCode.SourceIncomplete,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{file.FileName} has {Counted.Of(file.RowCounts.Rows, "row")}; {by} states {stated:#,0}: {noun} {are} {what}: {file.Uri}."
            ),
            $"Request {file.FileName} and {by} again, {Rerun}",
            Retryable: true
        );
    }

    public static EtlError Listed(string file, string by, string location) =>
        new(
            ErrorCode.SourceIncomplete,
            $"{file} is missing: {by} lists it, and there is no such file in {location}.",
            $"Request {file} again, {Rerun}",
            Retryable: true
        );

    public static EtlError Required(DeliveryEvidence evidence, string what, string location) =>
        new(
            ErrorCode.SourceIncomplete,
            $"The delivery is not complete: {what} in {location}. Etl:Delivery:Require is {evidence}.",
            $"Wait until the sender has delivered it, {Rerun}",
            Retryable: true
        );

    public static EtlException Unusable(SourceFile file, string why, Exception? cause = null) =>
        new(
            new EtlError(
                ErrorCode.SourceIncomplete,
                $"{file.FileName} cannot be used to verify the delivery: {why}. The file is {file.Uri}.",
                $"Correct or remove {file.FileName}, {Rerun}",
                Retryable: true
            ),
            cause
        );
}
