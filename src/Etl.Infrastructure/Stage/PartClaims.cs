using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Etl.Application.Runs;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;
using Etl.Infrastructure.Ledger;
using Etl.Infrastructure.Postgres;
using Npgsql;

namespace Etl.Infrastructure.Stage;

/// <summary>A part that this process may load until its lease ends or another process claims it.</summary>
/// <param name="Run">The run.</param>
/// <param name="Dataset">The dataset's name.</param>
/// <param name="File">The pinned file.</param>
/// <param name="Number">How often the part was claimed; with the owner it identifies the claim.</param>
/// <param name="Settings">Hash of the settings that the run reads the part with.</param>
internal sealed record ClaimedPart(RunId Run, string Dataset, SourceFile File, int Number, string Settings);

/// <summary>
/// The parts of runs in <c>etl.run_parts</c>. Each is claimed, loaded and marked by one loader: a claim is a short transaction of
/// its own; the mark is in the transaction of the rows and succeeds only while the claim still holds.
/// </summary>
internal sealed class PartClaims(
    NpgsqlDataSource database,
    IDistribution distribution,
    LeaseOwner owner,
    TimeSpan lease
)
{
    /// <summary>
    /// Forgets the parts of an earlier attempt; its loaders lose their claims. Their sessions are ended, which a host may have
    /// left half open: they would keep a lock on the table.
    /// </summary>
    public static async Task ClearAsync(
        NpgsqlConnection connection,
        IDistribution distribution,
        RunId run,
        CancellationToken cancellationToken
    )
    {
        await connection.ExecuteSqlAsync(
            $"""
            select {distribution.EndSession("p.session_pid", "p.session_started")} from etl.run_parts as p
            where p.run_id = $1 and p.result is null
            """,
            [run.ToString()],
            cancellationToken
        );
        await connection.ExecuteSqlAsync(
            "delete from etl.run_parts where run_id = $1",
            [run.ToString()],
            cancellationToken
        );
    }

    /// <summary>Offers the parts of a dataset.</summary>
    public async Task OfferAsync(
        RunId run,
        Dataset dataset,
        IReadOnlyList<SourceFile> parts,
        string settings,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteSqlAsync(
            """
            insert into etl.run_parts (run_id, dataset, part, number, bytes, file, settings, claims)
            select $1, $2, part, number, bytes, file, $3, 0
            from unnest($4, $5, $6, $7) as parts (part, number, bytes, file)
            """,
            [
                run.ToString(),
                dataset.Name,
                settings,
                parts.Select(p => p.Path).ToArray(),
                parts.Select((_, i) => i + 1).ToArray(),
                parts.Select(p => p.Bytes).ToArray(),
                parts.Select(p => JsonSerializer.Serialize(p, PartJsonContext.Default.SourceFile)).ToArray(),
            ],
            cancellationToken
        );
    }

    /// <summary>Claims the largest part that nobody holds.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dataset">Its dataset; null for any.</param>
    /// <param name="except">Parts that this process does not want, as <see cref="NameOf"/> gives them.</param>
    /// <param name="session">The connections that are going to load it.</param>
    /// <param name="cancellationToken">Stops the statement.</param>
    /// <returns>Null where every part is loaded or held.</returns>
    public async Task<ClaimedPart?> ClaimAsync(
        RunId run,
        string? dataset,
        IEnumerable<string> except,
        PartSession session,
        CancellationToken cancellationToken
    )
    {
        var (number, started) = await session.IdentifyAsync(cancellationToken);
        var claimed = await session.Ledger.ReadRowsAsync(
            $"""
            with free as (
              select p.run_id, p.dataset, p.part, p.session_pid, p.session_started
              from etl.run_parts as p join etl.runs as r using (run_id)
              where p.run_id = $1 and p.dataset = coalesce($2, p.dataset) and p.result is null
                and (p.claimed_until is null or p.claimed_until < clock_timestamp())
                and p.dataset || '/' || p.part <> all ($3)
                and r.status = 'running' and r.lease_owner is not null
              order by p.bytes desc, p.dataset, p.number limit 1
              for update of p skip locked
            )
            update etl.run_parts as p
            set claims = p.claims + 1, claimed_by = $4, claimed_until = clock_timestamp() + $5,
              session_pid = $6, session_started = $7
            from free where (p.run_id, p.dataset, p.part) = (free.run_id, free.dataset, free.part)
            returning p.dataset, p.file, p.claims, p.settings,
              {distribution.EndSession("free.session_pid", "free.session_started")}
            """,
            [run.ToString(), dataset, except.ToArray(), owner.Text, lease, number, started],
            row => new ClaimedPart(
                run,
                row.GetString(0),
                JsonSerializer.Deserialize(row.GetString(1), PartJsonContext.Default.SourceFile)!,
                row.GetInt32(2),
                row.GetString(3)
            ),
            cancellationToken
        );
        return claimed.SingleOrDefault();
    }

    /// <returns>False when the claim is lost.</returns>
    public async Task<bool> RenewAsync(ClaimedPart part, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(
            $"""
            update etl.run_parts set claimed_until = clock_timestamp() + {lease}
            where run_id = {part.Run.ToString()} and dataset = {part.Dataset} and part = {part.File.Path}
              and claimed_by = {owner.Text} and claims = {part.Number} and result is null
            """,
            cancellationToken
        ) == 1;

    /// <summary>Leaves a part to others at once.</summary>
    public Task ReleaseAsync(ClaimedPart part, CancellationToken cancellationToken) =>
        database.ExecuteAsync(
            $"""
            update etl.run_parts set claimed_by = null, claimed_until = null, session_pid = null, session_started = null
            where run_id = {part.Run.ToString()} and dataset = {part.Dataset} and part = {part.File.Path}
              and claimed_by = {owner.Text} and claims = {part.Number} and result is null
            """,
            cancellationToken
        );

    /// <summary>Marks a part as loaded, in the transaction of the counts.</summary>
    /// <returns>False when the claim is lost.</returns>
    public async Task<bool> MarkAsync(
        NpgsqlConnection connection,
        ClaimedPart part,
        PartResult result,
        CancellationToken cancellationToken
    )
    {
        var marked = await connection.ReadRowsAsync(
            """
            update etl.run_parts set result = $1, claimed_until = null, session_pid = null, session_started = null
            where run_id = $2 and dataset = $3 and part = $4 and claimed_by = $5 and claims = $6 and result is null
            returning part
            """,
            [result.Write(), part.Run.ToString(), part.Dataset, part.File.Path, owner.Text, part.Number],
            row => row.GetString(0),
            cancellationToken
        );
        return marked.Count == 1;
    }

    /// <summary>The run in progress; null if there is none, or another than the named one.</summary>
    public async Task<RunId?> FindRunAsync(RunId? named, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var run = await connection.ReadValueAsync<string>(
            """
            select run_id from etl.runs
            where status = 'running' and lease_owner is not null and run_id = coalesce($1, run_id)
            """,
            [named?.ToString()],
            cancellationToken
        );
        return run is null ? null : RunId.Parse(run);
    }

    /// <summary>Whether a run was started, in progress or not.</summary>
    public async Task<bool> IsKnownAsync(RunId run, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ReadValueAsync<bool>(
            "select exists (select from etl.runs where run_id = $1)",
            [run.ToString()],
            cancellationToken
        );
    }

    /// <summary>
    /// Whether a part is left to load, by whomever, or may still be offered: the datasets offer all their parts at once, at the
    /// start of the step Stage. A run whose lease has ended has no process that would need them.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="except">Parts that this process does not want, as <see cref="NameOf"/> gives them.</param>
    /// <param name="cancellationToken">Stops the statement.</param>
    public async Task<bool> NeedLoadersAsync(RunId run, IEnumerable<string> except, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ReadValueAsync<bool>(
            """
            select exists (
              select from etl.runs as r
              where r.run_id = $1 and r.status = 'running' and r.lease_owner is not null
                and r.lease_until > clock_timestamp()
                and not exists (
                  select from etl.run_steps as s
                  where s.run_id = r.run_id and s.attempt = r.attempts and s.step = 'stage' and s.succeeded
                )
                and (
                  not exists (select from etl.run_parts as p where p.run_id = r.run_id)
                  or exists (
                    select from etl.run_parts as p
                    where p.run_id = r.run_id and p.result is null and p.dataset || '/' || p.part <> all ($2)
                  )
                )
            )
            """,
            [run.ToString(), except.ToArray()],
            cancellationToken
        );
    }

    /// <summary>Whether every part of a dataset is loaded.</summary>
    public async Task<bool> IsLoadedAsync(RunId run, Dataset dataset, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ReadValueAsync<bool>(
            "select bool_and(result is not null) from etl.run_parts where run_id = $1 and dataset = $2",
            [run.ToString(), dataset.Name],
            cancellationToken
        );
    }

    /// <summary>The results of a dataset's parts in their order; null for a part that is not loaded.</summary>
    public async Task<IReadOnlyList<PartResult?>> ResultsAsync(
        RunId run,
        Dataset dataset,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ReadRowsAsync(
            "select result from etl.run_parts where run_id = $1 and dataset = $2 order by number",
            [run.ToString(), dataset.Name],
            row => row.IsDBNull(0) ? null : PartResult.Read(row.GetString(0)),
            cancellationToken
        );
    }

    /// <summary>A part's name among those of all datasets.</summary>
    public static string NameOf(ClaimedPart part) => $"{part.Dataset}/{part.File.Path}";

    /// <summary>A hash of all that decides how a file of the dataset is read.</summary>
    public static string SettingsOf(Dataset dataset, int maxRecordBytes, int maxKeptRejects)
    {
        var columns = dataset.Columns.Select(c => $"{c.Name} {c.Type.Name} {c.Nullable}");
        string[] all =
        [
            FileFormatJson.Write(dataset.Format),
            string.Join(',', dataset.Key),
            $"{maxRecordBytes} {maxKeptRejects}",
            .. columns,
        ];
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', all))));
    }
}
