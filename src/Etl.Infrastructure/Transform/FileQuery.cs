using System.Data;
using Etl.Application.Errors;
using Etl.Domain.Analytics;
using Etl.Infrastructure.Postgres;
using Npgsql;

namespace Etl.Infrastructure.Transform;

/// <summary>
/// A SELECT of a file, within the statement that uses its rows. The server parses both as one: a second statement is an
/// error, and so is one that writes, which is not allowed at this depth. Its errors name file and line.
/// </summary>
/// <param name="File">The file's path, for messages.</param>
/// <param name="Begin">The statement before the SELECT.</param>
/// <param name="Select">The SELECT as the file has it.</param>
/// <param name="End">The statement after it.</param>
internal sealed record FileQuery(string File, string Begin, string Select, string End)
{
    /// <summary>
    /// A parameter makes the driver send the text as it is, by the extended protocol; without one it would split it into
    /// statements.
    /// </summary>
    private const string Always = "where $1";

    /// <summary>Fills the candidate of a mart in the order of its key. Columns are found by their names.</summary>
    public static FileQuery Fill(Mart mart)
    {
        var columns = string.Join(", ", mart.Columns.Select(c => Identifier.Quote(c.Name)));
        var fill = Fill(mart.File, mart.Sql, $"{Identifier.Quote(mart.Name)} ({columns})", columns);
        return fill with { End = $"{fill.End} order by {string.Join(", ", mart.Key.Select(Identifier.Quote))}" };
    }

    /// <summary>Writes the rows of a query to a table.</summary>
    /// <param name="file">The file.</param>
    /// <param name="select">The query.</param>
    /// <param name="into">The table with its columns.</param>
    /// <param name="values">The values of the columns, from the columns of the query.</param>
    public static FileQuery Fill(string file, string select, string into, string values) =>
        new(file, $"insert into {into} select {values} from (", select, $") as selected {Always}");

    /// <summary>All rows of a query.</summary>
    public static FileQuery Rows(string file, string select) =>
        new(file, "select * from (", select, $") as selected {Always}");

    /// <summary>Counts the rows of a query.</summary>
    public static FileQuery Count(string file, string rows) =>
        new(file, "select count(*) from (", rows, $") as violations {Always}");

    /// <summary>Gives the one number of a query that stands in a header.</summary>
    /// <param name="file">The file.</param>
    /// <param name="query">The query.</param>
    /// <param name="line">Its line in the file.</param>
    public static FileQuery Number(string file, string query, int line) =>
        new(file, "select (", query, $") {Always}") { FirstLine = line };

    /// <summary>The line of the file where the SELECT begins; it has its header unless it is part of one.</summary>
    private int FirstLine { get; init; } = 1;

    private string Text => $"{Begin}\n{Select}\n{End}";

    /// <summary>The statement, for a batch of several.</summary>
    public NpgsqlBatchCommand Command => new(Text) { Parameters = { new NpgsqlParameter<bool> { TypedValue = true } } };

    /// <summary>The names of the columns that the statement returns; it is not executed.</summary>
    /// <exception cref="EtlException">The server refuses the statement.</exception>
    public async Task<IReadOnlyList<string>> ReadColumnsAsync(RunSession session, CancellationToken cancellationToken)
    {
        await using var command = session.Command(Text);
        command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = true });
        try
        {
            await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SchemaOnly, cancellationToken);
            return [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)];
        }
        catch (PostgresException refused) when (ErrorOf(refused) is { } error)
        {
            throw new EtlException(error, refused);
        }
    }

    /// <summary>
    /// The error of a statement that the server refuses for its syntax, names, types, values or keys; the message names file and
    /// line. Null for an error of the server or of the connection.
    /// </summary>
    public EtlError? ErrorOf(PostgresException refused)
    {
        var kind = refused.SqlState[..2];
        if (kind is not ("0A" or "21" or "22" or "23" or "42") || IsOfPrivilege(refused))
        {
            return null;
        }

        return new EtlError(
            kind is "0A" or "42" ? ErrorCode.Configuration : SqlStates.Explain(refused).Code,
            $"{File}{PlaceOf(refused.Position)}: {ServerText.Of(refused)}.",
            $"{CorrectionOf(refused)}; `etl doctor` checks the statement. Nothing was published."
        )
        {
            SqlState = refused.SqlState,
        };
    }

    private static string CorrectionOf(PostgresException refused) =>
        refused.SqlState switch
        {
            PostgresErrorCodes.UndefinedTable =>
                "Correct the file: read a dataset, an intermediate table or a mart of the run, and list it in its inputs",
            ['0', 'A', ..] or ['4', '2', ..] => "Correct the file",
            _ => "Correct the file, or the rows that it reads",
        };

    private static bool IsOfPrivilege(PostgresException refused) =>
        refused.SqlState == PostgresErrorCodes.InsufficientPrivilege;

    /// <summary>
    /// The server counts characters from 1, and the file begins on the second line. An error outside of the file's text is
    /// about the columns that its header declares.
    /// </summary>
    private string PlaceOf(int position)
    {
        var at = position - 1 - Begin.Length - 1;
        if (position == 0 || at < 0 || at > Select.Length)
        {
            return $", line {SqlHeader.Parse(File, Select).LineOf("columns") ?? FirstLine}";
        }

        var (line, column) = SelectStatement.PlaceOf(Select, at);
        return $", line {FirstLine + line - 1}, column {column}";
    }
}
