using System.Security.Cryptography;
using Etl.Domain;
using Etl.Infrastructure.Transform;
using Etl.IntegrationTests.Console;

namespace Etl.IntegrationTests.Chaos;

/// <summary>The visible results of a run: digests of tables, ledger and files, by name.</summary>
internal static class Traces
{
    /// <summary>The tables in the schemas of runs.</summary>
    public const string RunTables =
        "(select oid::regclass::text, relkind from pg_class where relnamespace::regnamespace::text ~ '^run_')";

    private static readonly string[] Published =
    [
        .. DatasetCatalog.BuiltIn.All.Select(d => $"staging.{d.Name}"),
        .. MartFiles.BuiltIn.All.Select(m => $"analytics.{m.Name}"),
    ];

    /// <summary>Without columns that depend on the folder, the time or the number of attempts.</summary>
    private static readonly string[] Ledger =
    [
        "(select run_id, status, forced, exported_at is null, finished_at is null, lease_owner from etl.runs)",
        "(select run_id, dataset, sha256, bytes, read, loaded, rejected from etl.run_files)",
        "(select run_id, name, severity, violations from etl.run_tests)",
        "(select run_id, table_name, rows, bytes, sha256, columns from etl.run_exports)",
        "(select run_id, dataset, code, rows from etl.reject_counts)",
        "(select run_id, dataset, line, byte_offset, column_name, code, message, raw from etl.quarantine)",
        "(select run_id, outcome, business_date, subject, sent_at is null from etl.messages)",
        "(select nspname from pg_namespace where nspname ~ '^run_')",
        RunTables,
    ];

    /// <summary>Tables, ledger and all files of the lake; of messages and reports the names only.</summary>
    public static async Task<SortedDictionary<string, string>> OfAsync(Workplace place)
    {
        var traces = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var table in Published.Concat(Ledger))
        {
            traces[table] = await DigestAsync(place, table);
        }

        foreach (var file in Directory.GetFiles(place.Lake, "*", SearchOption.AllDirectories))
        {
            // Messages and reports contain times, which differ between runs.
            var hasTimes =
                Path.GetDirectoryName(file) == Path.Combine(place.Lake, "mail")
                || file.EndsWith(".html", StringComparison.Ordinal);
            var bytes = hasTimes ? [] : await File.ReadAllBytesAsync(file);
            traces[Path.GetRelativePath(place.Lake, file)] = Convert.ToHexString(SHA256.HashData(bytes));
        }

        return traces;
    }

    /// <summary>Rows and exported tables only, for runs with different ids: a failed run uses a number.</summary>
    public static async Task<SortedDictionary<string, string>> DataOfAsync(Workplace place)
    {
        var traces = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var table in Published)
        {
            var rows = table.StartsWith("staging.", StringComparison.Ordinal)
                ? $"(select to_jsonb(s) - 'run_id' from {table} s)"
                : table;
            traces[table] = await DigestAsync(place, rows);
        }

        foreach (var file in Directory.GetFiles(Path.Combine(place.Lake, "analytics_export", "latest"), "*.csv"))
        {
            traces[Path.GetFileName(file)] = Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(file)));
        }

        return traces;
    }

    /// <summary>The names of the results that differ.</summary>
    public static IReadOnlyList<string> Differences(
        SortedDictionary<string, string> expected,
        SortedDictionary<string, string> found
    ) =>
        [
            .. expected
                .Keys.Union(found.Keys)
                .Where(k => expected.GetValueOrDefault(k, "missing") != found.GetValueOrDefault(k, "missing"))
                .Order(StringComparer.Ordinal),
        ];

    private static Task<string> DigestAsync(Workplace place, string table) =>
        place.QueryAsync<string>(
            $"select count(*) || ' ' || md5(coalesce(string_agg(t::text, chr(10) order by t::text), '')) from {table} t"
        );
}
