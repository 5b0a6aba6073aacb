using System.Globalization;
using Etl.Application.Errors;
using Npgsql;

namespace Etl.Infrastructure.Transform;

/// <summary>Statements of a session that are sent in one round trip.</summary>
internal sealed class SqlBatch(RunSession session)
{
    private readonly List<(NpgsqlBatchCommand Command, FileQuery? Query)> statements = [];

    /// <summary>Sends one query of a file.</summary>
    /// <exception cref="EtlException">The server refuses it.</exception>
    public static Task ExecuteAsync(RunSession session, FileQuery query, CancellationToken cancellationToken)
    {
        var batch = new SqlBatch(session);
        batch.Add(query);
        return batch.ExecuteAsync(cancellationToken);
    }

    public void Add(string sql) => statements.Add((new NpgsqlBatchCommand(sql), null));

    /// <summary>Adds a query whose errors name its file.</summary>
    public void Add(FileQuery query) => statements.Add((query.Command, query));

    /// <summary>Adds a statement that can fail for the rows of a query, whose file its errors name.</summary>
    public void Add(string sql, FileQuery query) => statements.Add((new NpgsqlBatchCommand(sql), query));

    /// <exception cref="EtlException">The server refuses a query of a file.</exception>
    public Task ExecuteAsync(CancellationToken cancellationToken) =>
        SendAsync(batch => batch.ExecuteNonQueryAsync(cancellationToken));

    /// <summary>The first value of the first row of each query; 0 where there is none.</summary>
    /// <exception cref="EtlException">The server refuses a query of a file.</exception>
    public async Task<IReadOnlyList<long>> ReadAsync(CancellationToken cancellationToken)
    {
        var values = new List<long>();
        await SendAsync(async batch =>
        {
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            do
            {
                var value = await reader.ReadAsync(cancellationToken) ? reader.GetValue(0) : DBNull.Value;
                values.Add(value is DBNull ? 0 : Convert.ToInt64(value, CultureInfo.InvariantCulture));
            } while (await reader.NextResultAsync(cancellationToken));
        });
        return values;
    }

    private async Task SendAsync(Func<NpgsqlBatch, Task> send)
    {
        if (statements.Count == 0)
        {
            return;
        }

        await using var batch = session.Batch();
        statements.ForEach(s => batch.BatchCommands.Add(s.Command));
        try
        {
            await send(batch);
        }
        catch (PostgresException refused)
            when (statements.Find(s => s.Command == refused.BatchCommand).Query?.ErrorOf(refused) is { } error)
        {
            throw new EtlException(error, refused);
        }

        statements.Clear();
    }
}
