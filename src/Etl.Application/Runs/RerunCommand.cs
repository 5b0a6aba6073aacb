using Etl.Domain.Runs;

namespace Etl.Application.Runs;

/// <summary>The command that runs a day again as it was run.</summary>
internal static class RerunCommand
{
    public static string Of(Run run) =>
        Of(new BusinessDate(run.BusinessDate).ToString(), new BusinessDate(run.AsOf).ToString(), run.Forced);

    /// <param name="businessDate">The day, yyyy-MM-dd.</param>
    /// <param name="asOf">The day that ages are counted to, yyyy-MM-dd.</param>
    /// <param name="force">Whether a succeeded run of the day must be replaced.</param>
    public static string Of(string businessDate, string asOf, bool force) =>
        $"etl run --date {businessDate}{(asOf == businessDate ? "" : $" --as-of {asOf}")}{(force ? " --force" : "")}";
}
