using Etl.Application.Runs;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using Npgsql;

namespace Etl.Infrastructure.Ledger;

/// <summary>Stores messages in <c>etl.messages</c> until they are sent.</summary>
internal sealed class LedgerOutbox(NpgsqlDataSource database, LeaseOwner owner) : IOutbox
{
    public Task QueueAsync(Message message, CancellationToken cancellationToken) =>
        database.GuardAsync(
            "store a message",
            () =>
                database.ExecuteAsync(
                    $"""
                    insert into etl.messages (run_id, outcome, business_date, subject, body, created_at)
                    values ({IdOf(message)}, {SnakeCase.Text(message.Outcome)}, {message.BusinessDate.Value},
                            {message.Subject}, {message.Body}, clock_timestamp())
                    on conflict (run_id, outcome) do nothing
                    """,
                    cancellationToken
                )
        );

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

    public Task<IReadOnlyList<Message>> ClaimAsync(CancellationToken cancellationToken) =>
        database.GuardAsync<IReadOnlyList<Message>>(
            "read the messages to send",
            async () =>
            {
                // A claim of this host comes from a call whose response was lost.
                await using var command = database.CreateCommand(
                    """
                    with claimed as (
                      update etl.messages
                      set claimed_until = now() + interval '1 minute', claimed_by = $1, attempts = attempts + 1
                      where (run_id, outcome) in (
                        select run_id, outcome from etl.messages
                        where sent_at is null
                          and (claimed_until is null or claimed_until < now() or claimed_by = $1)
                        for update skip locked
                      )
                      returning *
                    )
                    select run_id, business_date, outcome, subject, body from claimed order by created_at
                    """
                );
                command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = owner.Text });
                await using var reader = await command.ExecuteReaderAsync(cancellationToken);
                var messages = new List<Message>();
                while (await reader.ReadAsync(cancellationToken))
                {
                    messages.Add(OfRow(reader));
                }

                return messages;
            }
        );

    public Task RecordAsync(Message message, bool sent, CancellationToken cancellationToken) =>
        database.GuardAsync(
            "record a message as sent or not sent",
            () =>
                database.ExecuteAsync(
                    $"""
                    update etl.messages
                    set claimed_until = null, claimed_by = null, sent_at = case when {sent} then clock_timestamp() else sent_at end
                    where run_id = {IdOf(message)} and outcome = {SnakeCase.Text(message.Outcome)}
                    """,
                    cancellationToken
                )
        );

    private static Message OfRow(NpgsqlDataReader row) =>
        new(
            RunId.Parse(row.GetString(0)),
            new BusinessDate(row.GetFieldValue<DateOnly>(1)),
            SnakeCase.Parse<Outcome>(row.GetString(2)),
            row.GetString(3),
            row.GetString(4)
        );

    private static string IdOf(Message message) =>
        message.RunId?.ToString()
        ?? throw new ArgumentException("A message without a run cannot be stored.", nameof(message));
}
