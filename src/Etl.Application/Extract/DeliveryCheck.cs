using Etl.Application.Errors;
using Etl.Application.Options;
using Etl.Application.Runs;

namespace Etl.Application.Extract;

/// <summary>Compares a file that was read with what its sender states about it.</summary>
internal static class DeliveryCheck
{
    /// <summary>Adds an error for each contradiction; no policy allows one.</summary>
    public static void Apply(ArrivalGate gate, StagedFile file)
    {
        foreach (var stated in file.Stated)
        {
            if (HashError(file.FileName, file.Uri, stated, file.Sha256, file.Md5) is { } other)
            {
                gate.Apply(ArrivalPolicy.Fail, file.Dataset, other);
            }

            if (stated.Rows is { } rows && rows != file.RowCounts.Rows)
            {
                gate.Apply(ArrivalPolicy.Fail, file.Dataset, DeliveryErrors.OtherRows(file, stated.By, rows));
            }
        }
    }

    /// <summary>The error if a stated hash differs from the file's; otherwise null.</summary>
    public static EtlError? HashError(string name, string uri, StatedContent stated, string sha256, string? md5) =>
        stated.Sha256 is { } sha && sha != sha256
            ? DeliveryErrors.OtherHash(name, uri, stated.By, "SHA-256", sha, sha256)
        : stated.Md5 is { } other && other != md5
            ? DeliveryErrors.OtherHash(name, uri, stated.By, "MD5", other, md5 ?? "none")
        : null;
}
