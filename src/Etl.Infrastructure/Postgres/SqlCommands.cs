using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace Etl.Infrastructure.Postgres;

/// <summary>
/// Commands from interpolated strings: each interpolated value becomes a parameter.
/// </summary>
internal static partial class SqlCommands
{
    /// <returns>The number of affected rows.</returns>
    public static async Task<int> ExecuteAsync(
        this NpgsqlDataSource database,
        FormattableString sql,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(sql);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public static NpgsqlCommand CreateCommand(this NpgsqlDataSource database, FormattableString sql)
    {
        var command = database.CreateCommand(Text(sql));
        AddParameters(command.Parameters, sql);
        return command;
    }

    /// <summary>A statement of a batch; a batch takes one round trip.</summary>
    public static NpgsqlBatchCommand Statement(FormattableString sql)
    {
        var statement = new NpgsqlBatchCommand(Text(sql));
        AddParameters(statement.Parameters, sql);
        return statement;
    }

    public static async Task ExecuteAsync(
        this NpgsqlConnection connection,
        IEnumerable<NpgsqlBatchCommand> statements,
        CancellationToken cancellationToken
    )
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var statement in statements)
        {
            batch.BatchCommands.Add(statement);
        }

        if (batch.BatchCommands.Count > 0)
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>Placeholders of a format are numbered from 0, parameters from 1.</summary>
    private static string Text(FormattableString sql) =>
        Placeholder()
            .Replace(
                sql.Format,
                placeholder => $"${int.Parse(placeholder.Groups["n"].Value, CultureInfo.InvariantCulture) + 1}"
            );

    private static void AddParameters(NpgsqlParameterCollection parameters, FormattableString sql)
    {
        foreach (var value in sql.GetArguments())
        {
            parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        }
    }

    [GeneratedRegex(@"\{(?<n>\d+)\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Placeholder();
}

/// <summary>Quotes names in SQL text. Values are always parameters.</summary>
internal static partial class Identifier
{
    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public static string Quote(string schema, string name) => $"{Quote(schema)}.{Quote(name)}";

    /// <summary>For messages: quoted only where SQL needs it, as in <c>staging.orders</c>.</summary>
    public static string Display(string schema, string name) => $"{Display(schema)}.{Display(name)}";

    /// <inheritdoc cref="Display(string, string)"/>
    public static string Display(string name) => Plain().IsMatch(name) ? name : Quote(name);

    [GeneratedRegex("^[a-z_][a-z0-9_]*$", RegexOptions.CultureInvariant)]
    private static partial Regex Plain();
}
