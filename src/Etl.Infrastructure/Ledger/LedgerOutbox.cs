using Etl.Application.Ports;
using Etl.Domain.Runs;
using Etl.Infrastructure.Postgres;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Etl.Infrastructure.Ledger;

/// <summary>Messages that wait in the ledger until they are sent.</summary>
internal sealed class LedgerOutbox(NpgsqlDataSource database, Func<LedgerContext> open)
{
    public Task QueueAsync(Message message, CancellationToken cancellationToken) =>
        database.GuardAsync(
            "queue a message in the ledger",
            async () =>
            {
                await using var context = open();
                await context.Database.ExecuteSqlAsync(
                    $"""
                    insert into etl.messages (run_id, outcome, business_date, subject, body, created_at)
                    values ({IdOf(message)}, {SnakeCase.Text(message.Outcome)}, {message.BusinessDate.Value},
                            {message.Subject}, {message.Body}, clock_timestamp())
                    on conflict (run_id, outcome) do nothing
                    """,
                    cancellationToken
                );
            }
        );

    public Task<IReadOnlyList<Message>> ClaimAsync(CancellationToken cancellationToken) =>
        database.GuardAsync<IReadOnlyList<Message>>(
            "take messages out of the ledger",
            async () =>
            {
                await using var context = open();
                var claimed = await context
                    .Messages.FromSql(
                        $"""
                        update etl.messages set claimed_until = now() + interval '1 minute', attempts = attempts + 1
                        where (run_id, outcome) in (
                          select run_id, outcome from etl.messages
                          where sent_at is null and (claimed_until is null or claimed_until < now())
                          for update skip locked
                        )
                        returning *
                        """
                    )
                    .AsNoTracking()
                    .ToListAsync(cancellationToken);
                return [.. claimed.OrderBy(m => m.CreatedAt).Select(OfRow)];
            }
        );

    public Task RecordAsync(Message message, bool sent, CancellationToken cancellationToken) =>
        database.GuardAsync(
            "write to the ledger whether a message was sent",
            async () =>
            {
                await using var context = open();
                await context.Database.ExecuteSqlAsync(
                    $"""
                    update etl.messages
                    set claimed_until = null, sent_at = case when {sent} then clock_timestamp() else sent_at end
                    where run_id = {IdOf(message)} and outcome = {SnakeCase.Text(message.Outcome)}
                    """,
                    cancellationToken
                );
            }
        );

    private static Message OfRow(MessageRow row) =>
        new(RunId.Parse(row.RunId), new BusinessDate(row.BusinessDate), row.Outcome, row.Subject, row.Body);

    private static string IdOf(Message message) =>
        message.RunId?.ToString()
        ?? throw new ArgumentException("Only a run's own message is kept in the ledger.", nameof(message));
}
