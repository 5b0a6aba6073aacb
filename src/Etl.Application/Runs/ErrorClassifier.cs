using Etl.Application.Errors;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;

namespace Etl.Application.Runs;

/// <summary>The error and the state of a run that an exception ended.</summary>
internal static class ErrorClassifier
{
    public static EtlError Explain(Exception exception, bool leaseLost, TimeLimit limit)
    {
        if (leaseLost)
        {
            return new EtlError(
                ErrorCode.LeaseLost,
                "The run was taken over by another host while this one could not reach the ledger.",
                "Do nothing here; see `etl runs` for the other host's run."
            );
        }

        if (limit.IsReached)
        {
            return new EtlError(
                ErrorCode.Deadline,
                "The run stopped itself before its host's time limit.",
                "Raise the limit, or run on a host without one; a rerun continues after the last publish.",
                Retryable: true
            );
        }

        if (limit.IsAsked)
        {
            return new EtlError(
                ErrorCode.Cancelled,
                "The run was stopped on request.",
                "Run it again: a run that was not published is rolled back, a published one is only exported.",
                Retryable: true
            );
        }

        return exception is EtlException known
            ? known.Error
            : new EtlError(
                ErrorCode.Internal,
                $"The program itself failed ({exception.GetType().Name}).",
                "Report the stack trace of the log (etl: --verbose); a rerun is safe."
            );
    }

    public static SummaryStatus StatusOf(EtlError error) =>
        error.Code switch
        {
            ErrorCode.Deadline => SummaryStatus.TimedOut,
            ErrorCode.Cancelled => SummaryStatus.Cancelled,
            _ => SummaryStatus.Failed,
        };

    public static RunStatus RunStatusOf(SummaryStatus status) =>
        status switch
        {
            SummaryStatus.TimedOut => RunStatus.TimedOut,
            SummaryStatus.Cancelled => RunStatus.Cancelled,
            _ => RunStatus.Failed,
        };
}

/// <summary>Errors of runs that more than one command reports.</summary>
public static class RunErrors
{
    /// <summary>Rejected rows of a dataset that a model gives cannot be corrected in a file.</summary>
    internal static EtlException OfModel(Dataset dataset, RunId run) =>
        new(
            ErrorCode.Usage,
            $"The rows of {dataset} cannot be corrected in a file: the model {dataset.Model!.File} gives them.",
            $"Correct the rejected rows of what it reads ({string.Join(", ", dataset.Model.Inputs)}), whose replay computes {dataset} "
                + $"again; or correct the model, and run the day again: etl run --date {run.BusinessDate} --force"
        );

    /// <summary>Another host works on the run.</summary>
    public static EtlError InProgress(Run run) =>
        new(
            ErrorCode.InProgress,
            $"Run {run.Id} is in progress; {run.LeaseOwner} holds it until {run.LeaseUntil:HH:mm:ss} UTC or longer.",
            "Wait until it ends; see `etl runs`. A run whose host died can be taken over when its lease ends.",
            Retryable: true
        );

    /// <summary>The export of the day's published run belongs to another lake.</summary>
    public static EtlError OtherLake(Run run, string lakeUri) =>
        new(
            ErrorCode.Lake,
            $"Run {run.Id} is published, and its export to {run.LakeUri} is pending; this command names {lakeUri}",
            "Repeat the command with the lake of the run, or replace the day with --force in the lake of this command."
        );
}
