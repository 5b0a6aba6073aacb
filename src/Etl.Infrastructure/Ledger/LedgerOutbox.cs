using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using Npgsql;

namespace Etl.Infrastructure.Ledger;

/// <summary>
/// Stores messages in <c>etl.messages</c> until they are sent, and counts failures in <c>etl.starts</c>. Both happen in one
/// statement, so that however many hosts fail at once, one message of a cause is sent.
/// </summary>
internal sealed class LedgerOutbox(NpgsqlDataSource database, LeaseOwner owner) : IOutbox
{
    public Task QueueAsync(Message message, CancellationToken cancellationToken) =>
        database.GuardAsync(
            "store a message",
            () => database.ExecuteAsync(message.Cause is null ? Success(message) : Failure(message), cancellationToken)
        );

    /// <summary>A later failure of the day is not a repeated one.</summary>
    private static FormattableString Success(Message message) =>
        $"""
            with reported as (
              update etl.starts set repeats = 0, notified = false where business_date = {message.BusinessDate.Value}
            )
            insert into etl.messages (message_key, run_id, outcome, business_date, subject, body, created_at)
            values ({message.Key}, {message.RunId?.ToString()}, {SnakeCase.Text(message.Outcome)},
                    {message.BusinessDate.Value}, {message.Subject}, {message.Body}, clock_timestamp())
            on conflict (message_key) do nothing
            """;

    private static FormattableString Failure(Message message) =>
        $"""
            with counted as (
              insert into etl.starts as s (business_date, cause, count, repeats, first_at, last_at, notified)
              values ({message.BusinessDate.Value}, {message.Cause}, 1, 0, clock_timestamp(), clock_timestamp(), true)
              on conflict (business_date, cause) do update
              set count = s.count + 1, repeats = case when s.notified then s.repeats + 1 else 0 end,
                  last_at = excluded.last_at, notified = true
              returning business_date, cause, count, repeats > 0 as repeated
            ), reported as (
              update etl.starts s set repeats = 0 from counted c
              where not c.repeated and s.business_date = c.business_date and s.cause <> c.cause
            )
            insert into etl.messages
              (message_key, run_id, outcome, business_date, cause, repeated, subject, body, created_at)
            select coalesce({message.Key}::text, business_date || '/' || cause || '/' || count),
                   {message.RunId?.ToString()}::text, {SnakeCase.Text(message.Outcome)}::text, business_date, cause,
                   repeated, {message.Subject}::text, {message.Body}::text, clock_timestamp()
            from counted where {message.RunId is not null}::boolean or not repeated
            on conflict (message_key) do nothing
            """;

    public Task<IReadOnlyList<RunId>> ListUnnotifiedAsync(CancellationToken cancellationToken) =>
        database.GuardAsync<IReadOnlyList<RunId>>(
            "list the runs without a message",
            async () =>
            {
                await using var command = database.CreateCommand(
                    """
                    select run_id from etl.runs r
                    where status in ('failed', 'timed_out', 'cancelled')
                      and not exists (select from etl.messages m where m.run_id = r.run_id and m.outcome = 'failure')
                    order by finished_at
                    """
                );
                await using var row = await command.ExecuteReaderAsync(cancellationToken);
                var runs = new List<RunId>();
                while (await row.ReadAsync(cancellationToken))
                {
                    runs.Add(RunId.Parse(row.GetString(0)));
                }

                return runs;
            }
        );

    public Task<IReadOnlyList<PendingMessage>> ClaimAsync(CancellationToken cancellationToken) =>
        database.GuardAsync<IReadOnlyList<PendingMessage>>(
            "read the messages to send",
            async () =>
            {
                // A claim of this host comes from a call whose response was lost.
                await using var command = database.CreateCommand(
                    """
                    with claimed as (
                      update etl.messages
                      set claimed_until = now() + interval '1 minute', claimed_by = $1, attempts = attempts + 1
                      where message_key in (
                        select message_key from etl.messages
                        where sent_at is null and not repeated
                          and (claimed_until is null or claimed_until < now() or claimed_by = $1)
                        for update skip locked
                      )
                      returning *
                    )
                    select message_key, run_id, business_date, outcome, cause, subject, body, sent_by
                    from claimed order by created_at
                    """
                );
                command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = owner.Text });
                await using var reader = await command.ExecuteReaderAsync(cancellationToken);
                var messages = new List<PendingMessage>();
                while (await reader.ReadAsync(cancellationToken))
                {
                    var sentBy = reader.GetFieldValue<string[]>(reader.GetOrdinal("sent_by"));
                    messages.Add(new PendingMessage(OfRow(reader), sentBy));
                }

                return messages;
            }
        );

    /// <summary>
    /// Notifiers send in parallel. The lock of the row orders their updates, and each computes from the row as the one before
    /// has left it.
    /// </summary>
    public Task RecordSentAsync(
        Message message,
        string notifier,
        IReadOnlyList<string> notifiers,
        CancellationToken cancellationToken
    ) =>
        database.GuardAsync(
            "record a message as sent",
            () =>
                database.ExecuteAsync(
                    $"""
                    update etl.messages
                    set sent_by = sent_by || {notifier}::text,
                      sent_at = case when sent_by || {notifier}::text @> {notifiers.ToArray()} then clock_timestamp() end
                    where message_key = {message.Key} and {notifier} <> all (sent_by)
                    """,
                    cancellationToken
                )
        );

    public Task ReleaseAsync(Message message, IReadOnlyList<string> notifiers, CancellationToken cancellationToken) =>
        database.GuardAsync(
            "release a message",
            () =>
                database.ExecuteAsync(
                    $"""
                    update etl.messages
                    set claimed_until = null, claimed_by = null,
                      sent_at = case when sent_by @> {notifiers.ToArray()} then clock_timestamp() end
                    where message_key = {message.Key} and sent_at is null
                    """,
                    cancellationToken
                )
        );

    private static Message OfRow(NpgsqlDataReader row) =>
        new(
            row.TextOrNull("run_id") is { } run ? RunId.Parse(run) : null,
            new BusinessDate(row.Day("business_date")),
            SnakeCase.Parse<Outcome>(row.Text("outcome")),
            row.Text("subject"),
            row.Text("body")
        )
        {
            Key = row.Text("message_key"),
            Cause = row.TextOrNull("cause"),
        };
}
