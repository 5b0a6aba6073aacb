namespace Etl.Infrastructure.Postgres;

/// <summary>
/// The tables beside those of the datasets in the store schema. <c>published</c> is the pointer: its newest row names the load
/// that readers see. It is only appended to. <c>loads</c> numbers the loads, each attempt of a run having its own.
/// </summary>
internal sealed class StoreTables(SchemaOptions schemas)
{
    public const string LoadId = "load_id";

    private const string PublishedName = "published";
    private const string LoadsName = "loads";

    public string Published { get; } = Identifier.Quote(schemas.Store, PublishedName);

    public string Loads { get; } = Identifier.Quote(schemas.Store, LoadsName);

    public static IEnumerable<DescribedTable> Described(SchemaOptions schemas) =>
        [
            new(
                schemas.Store,
                PublishedName,
                [
                    ("seq", "bigint not null"),
                    (LoadId, "integer not null"),
                    ("run_id", "text not null"),
                    ("attached_at", "timestamp with time zone not null"),
                ],
                ["seq"],
                IsPartitioned: false
            ),
            new(
                schemas.Store,
                LoadsName,
                [
                    (LoadId, "integer not null"),
                    ("run_id", "text not null"),
                    ("watched", "text[]"),
                    ("watched_xid", "bigint"),
                ],
                [LoadId],
                IsPartitioned: false
            )
            {
                IsRead = false,
            },
        ];

    /// <summary>Points readers to a load from now on.</summary>
    /// <param name="load">Its number.</param>
    /// <param name="run">Its run, as a literal that needs no quotes inside.</param>
    /// <param name="attachedAt">An expression: transactions that began later were planned with the load's partitions.</param>
    public string Point(string load, string run, string attachedAt) =>
        $"insert into {Published} (seq, {LoadId}, run_id, attached_at) "
        + $"select coalesce(max(seq), 0) + 1, {load}, '{run}', {attachedAt} from {Published}";
}
