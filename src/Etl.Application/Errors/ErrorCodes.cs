using System.Text;

namespace Etl.Application.Errors;

/// <summary>The stable text of an error code, and the exit code that it leads to.</summary>
public static class ErrorCodes
{
    /// <summary>Snake case, as in <c>source_missing</c>; used in JSON, ledger and messages.</summary>
    public static string Text(this ErrorCode code)
    {
        var text = new StringBuilder();
        foreach (var letter in code.ToString())
        {
            if (char.IsUpper(letter) && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }

    /// <summary>The code of a stable text; one that a later version wrote is <see cref="ErrorCode.Internal"/>.</summary>
    public static ErrorCode Parse(string text) => Array.Find(Enum.GetValues<ErrorCode>(), c => c.Text() == text);

    /// <summary>The process exit code by cause.</summary>
    public static int ExitCode(this ErrorCode code) =>
        code switch
        {
            ErrorCode.Internal => 1,
            ErrorCode.Usage or ErrorCode.Configuration => 2,
            ErrorCode.SourceMissing
            or ErrorCode.SourceLate
            or ErrorCode.SourceAmbiguous
            or ErrorCode.SourceEmpty
            or ErrorCode.SourceIncomplete
            or ErrorCode.SourceShrunk
            or ErrorCode.SourceUnchanged
            or ErrorCode.SourceVolume
            or ErrorCode.SourceHeader
            or ErrorCode.SourceUnreadable
            or ErrorCode.SourceChanged => 3,
            ErrorCode.RejectLimit or ErrorCode.DataTest or ErrorCode.RowCountMismatch => 4,
            ErrorCode.DatabaseUnreachable or ErrorCode.Database => 5,
            ErrorCode.Lake or ErrorCode.LakeConflict => 6,
            ErrorCode.InProgress or ErrorCode.LeaseLost => 7,
            ErrorCode.Deadline or ErrorCode.Cancelled => 8,
            ErrorCode.Output => 9,
            ErrorCode.Notify => 1,
            _ => 1,
        };
}
