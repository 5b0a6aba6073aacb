using System.Globalization;
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

    /// <summary>Fills the candidate of a mart. Columns are found by their names.</summary>
    public static FileQuery Fill(Mart mart)
    {
        var columns = string.Join(", ", mart.Columns.Select(c => Identifier.Quote(c.Name)));
        return new FileQuery(
            mart.File,
            $"insert into {Identifier.Quote(mart.Name)} ({columns}) select {columns} from (",
            mart.Sql,
            $") as selected {Always}"
        );
    }

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

    private string Sql => $"{Begin}\n{Select}\n{End}";

    /// <summary>The first value of the first row, and 0 where there is none.</summary>
    /// <exception cref="EtlException">The server refuses the statement; the message names file and line.</exception>
    public async Task<long> ExecuteAsync(RunSession session, CancellationToken cancellationToken)
    {
        await using var command = session.Command(Sql);
        command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = true });
        try
        {
            var value = await command.ExecuteScalarAsync(cancellationToken);
            return value is null or DBNull ? 0 : Convert.ToInt64(value, CultureInfo.InvariantCulture);
        }
        catch (PostgresException refused) when (IsOfStatement(refused.SqlState))
        {
            throw new EtlException(ErrorOf(refused), refused);
        }
    }

    /// <summary>Syntax, names, types, values and keys; all other errors are of the server or of the connection.</summary>
    private static bool IsOfStatement(string state) =>
        (state[..2] is "0A" or "21" or "22" or "23" or "42") && state != PostgresErrorCodes.InsufficientPrivilege;

    private EtlError ErrorOf(PostgresException refused)
    {
        var isOfText = refused.SqlState[..2] is "0A" or "42";
        var known = SqlStates.Explain(refused);
        return new EtlError(
            isOfText ? ErrorCode.Configuration : known.Code,
            $"{File}{PlaceOf(refused.Position)}: {ServerText.Of(refused)}.",
            "Correct the file, or the rows that it reads; `etl doctor` checks the statement. Nothing was published."
        )
        {
            SqlState = refused.SqlState,
        };
    }

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
