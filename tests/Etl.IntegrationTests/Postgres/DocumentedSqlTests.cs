using System.Text.RegularExpressions;
using Etl.TestKit;
using Npgsql;
using Shouldly;
using Xunit;

namespace Etl.IntegrationTests.Postgres;

/// <summary>Executes the SQL of the pages as the role that each block names.</summary>
public sealed partial class DocumentedSqlTests(PostgresServer server)
{
    [Fact]
    public void Each_sql_block_names_its_role_or_is_the_content_of_a_file()
    {
        var blocks = Pages().SelectMany(BlocksOf).ToList();

        blocks.ShouldNotBeEmpty();
        blocks.Where(b => b.Role.Length == 0 && !b.IsFile).Select(b => b.Where).ShouldBeEmpty();
    }

    [Fact]
    public async Task Each_sql_block_works_as_the_role_that_it_names()
    {
        CitusCluster.Excludes("roles are created on each node by hand");
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "roles.sql")));

        var failures = new List<string>();
        foreach (var block in Pages().SelectMany(BlocksOf).Where(b => b.Role.Length > 0))
        {
            try
            {
                await ExecuteAsync(database, block);
            }
            catch (PostgresException exception)
            {
                failures.Add($"{block.Where} as {block.Role}: {exception.MessageText}");
            }
        }

        failures.ShouldBeEmpty();
    }

    private static async Task ExecuteAsync(TestDatabase database, SqlBlock block)
    {
        var connection = new NpgsqlConnectionStringBuilder(database.ConnectionString)
        {
            Options = $"-c role={block.Role}",
            Pooling = false,
        };
        await using var source = NpgsqlDataSource.Create(connection);
        await using var command = source.CreateCommand(block.Sql);
        await command.ExecuteNonQueryAsync();
    }

    private static IEnumerable<string> Pages() =>
        Directory
            .EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Append(Path.Combine(Repository.Root, "README.md"))
            .Append(Path.Combine(Repository.Root, "terraform", "README.md"))
            .Order(StringComparer.Ordinal);

    private static IEnumerable<SqlBlock> BlocksOf(string page)
    {
        var text = File.ReadAllText(page);
        return SqlFence()
            .Matches(text)
            .Select(m => new SqlBlock(
                $"{Path.GetRelativePath(Repository.Root, page)}:{text.AsSpan(0, m.Index).Count('\n') + 1}",
                m.Groups["role"].Value,
                m.Groups["file"].Success,
                m.Groups["sql"].Value
            ));
    }

    [GeneratedRegex(
        """^ *```sql( role=(?<role>\w+)|(?<file> file))?[^\n]*\n(?<sql>.*?)^ *```""",
        RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture
    )]
    private static partial Regex SqlFence();

    private sealed record SqlBlock(string Where, string Role, bool IsFile, string Sql);
}
