using Etl.Application.Errors;
using Etl.Domain.Runs;

namespace Etl.Application.Runs;

/// <summary>
/// What every run did, kept in schema <c>etl</c> of the destination. Its database decides who may run: at most one run
/// in progress, at most one succeeded run per business date.
/// </summary>
public interface IRunLedger
{
    /// <summary>Brings ledger and schemas up to date; safe to call at any time, by several hosts at once.</summary>
    /// <returns>The names of the migrations that were applied.</returns>
    Task<IReadOnlyList<string>> MigrateAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Asks for a run. The answer is a lease on a new run, a lease on a dead or unfinished one, or why there is none.
    /// </summary>
    Task<RunStart> StartAsync(RunStartRequest request, CancellationToken cancellationToken);

    /// <summary>What a start would be answered now. Writes nothing; the ledger need not be there yet.</summary>
    Task<RunForecast> ForecastAsync(RunStartRequest request, CancellationToken cancellationToken);

    /// <summary>Gives a sign of life.</summary>
    /// <returns>False when the lease is lost: the host must stop.</returns>
    Task<bool> RenewLeaseAsync(RunId run, CancellationToken cancellationToken);

    /// <summary>Writes that a step began, or ended, in whatever way.</summary>
    Task RecordStepAsync(RunId run, StepRecord step, CancellationToken cancellationToken);

    /// <summary>Writes what became of the files.</summary>
    Task RecordFilesAsync(RunId run, IReadOnlyList<StagedFile> files, CancellationToken cancellationToken);

    /// <summary>Writes what the data tests found.</summary>
    Task RecordTestsAsync(RunId run, IReadOnlyList<DataTestResult> tests, CancellationToken cancellationToken);

    /// <summary>Writes that all exports and the manifest are in the lake.</summary>
    Task RecordExportsAsync(
        RunId run,
        IReadOnlyList<ExportRecord> exports,
        string manifestUri,
        CancellationToken cancellationToken
    );

    /// <summary>Writes where the run's HTML report is; of a run that has ended, too.</summary>
    Task RecordReportAsync(RunId run, string uri, CancellationToken cancellationToken);

    /// <summary>Ends a run that was not published, or lets go of one that was, so that the next start finishes it.</summary>
    Task FailAsync(RunId run, RunStatus status, EtlError error, CancellationToken cancellationToken);

    /// <summary>Ends a published and exported run.</summary>
    Task FinishAsync(RunId run, CancellationToken cancellationToken);

    /// <summary>Adds what an invocation took to what is recorded of a run; it need not hold the lease any more.</summary>
    Task RecordUsageAsync(RunId run, RunUsage usage, CancellationToken cancellationToken);

    /// <summary>Runs that ended without a success and have no message of it, as their host died or lost the ledger.</summary>
    Task<IReadOnlyList<RunId>> ListUnnotifiedAsync(CancellationToken cancellationToken);

    /// <summary>Keeps a run's message until it is sent. A run has one message for an outcome: a second is ignored.</summary>
    Task QueueMessageAsync(Message message, CancellationToken cancellationToken);

    /// <summary>Takes the messages that are not sent yet, oldest first; for a minute no other host gets them.</summary>
    Task<IReadOnlyList<Message>> ClaimMessagesAsync(CancellationToken cancellationToken);

    /// <summary>Writes that a claimed message was sent, or that it was not.</summary>
    Task RecordMessageAsync(Message message, bool sent, CancellationToken cancellationToken);

    /// <summary>A run with all that was recorded, or null.</summary>
    Task<RunHistory?> FindAsync(RunId run, CancellationToken cancellationToken);

    /// <summary>The last runs, newest first.</summary>
    Task<IReadOnlyList<RunHistory>> ListAsync(int most, CancellationToken cancellationToken);

    /// <summary>The runs that began in a span of time, oldest first.</summary>
    /// <param name="from">The first moment that counts.</param>
    /// <param name="until">The first moment that does not.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<RunHistory>> ListBetweenAsync(
        DateTimeOffset from,
        DateTimeOffset until,
        CancellationToken cancellationToken
    );

    /// <summary>The last run of an earlier business date, or of an earlier number on this one, that was published.</summary>
    Task<RunHistory?> PreviousAsync(RunId run, CancellationToken cancellationToken);

    /// <summary>The run that ended last before this one began, published or not, or null.</summary>
    Task<RunHistory?> LastEndedBeforeAsync(RunId run, CancellationToken cancellationToken);
}
