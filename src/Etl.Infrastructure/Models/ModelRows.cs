using Etl.Application.Errors;
using Etl.Application.Extract;
using Etl.Application.Runs;
using Etl.Domain;
using Etl.Domain.Datasets;
using Etl.Domain.Runs;
using Etl.Infrastructure.Aws;
using Etl.Infrastructure.FileSystem;
using Etl.Infrastructure.Postgres;
using Etl.Infrastructure.Transform;
using Npgsql;

namespace Etl.Infrastructure.Models;

/// <summary>
/// The rows of a model, to be read like a file. They exist in one transaction that is never committed, so that nothing of them
/// stays.
/// </summary>
internal sealed class ModelRows : ISourceReader, IAsyncDisposable
{
    /// <summary>Most processes of a statement.</summary>
    private const int Processes = 3;

    private readonly RunSession session;
    private readonly ModelSql sql;

    private ModelRows(RunSession session, ModelSql sql) => (this.session, this.sql) = (session, sql);

    /// <summary>Computes the rows, one for each row of the driving dataset.</summary>
    /// <exception cref="EtlException">The SELECT is wrong, or a driving row gives no row or several.</exception>
    public static async Task<ModelRows> ComputeAsync(
        NpgsqlDataSource database,
        RunId run,
        Dataset dataset,
        DatasetCatalog datasets,
        CancellationToken cancellationToken
    )
    {
        var schema = $"{run.Schema}_{dataset.Name}";
        var rows = new ModelRows(
            await RunSession.OpenAsync(database, schema, Processes, cancellationToken),
            new ModelSql(dataset, datasets)
        );
        try
        {
            await FillAsync(rows.session, dataset, rows.sql, schema, run.Schema, cancellationToken);
            await rows.RequireOneForEachAsync(dataset.Model!, cancellationToken);
            return rows;
        }
        catch
        {
            await rows.DisposeAsync();
            throw;
        }
    }

    /// <summary>Creates the schema of a model in a transaction, and computes its rows there.</summary>
    /// <exception cref="EtlException">The SELECT is wrong.</exception>
    public static async Task FillAsync(
        RunSession session,
        Dataset dataset,
        ModelSql sql,
        string schema,
        string from,
        CancellationToken cancellationToken
    )
    {
        await session.ExecuteAsync(sql.Begin(schema, from), cancellationToken);
        var columns = await sql.Select.ReadColumnsAsync(session, cancellationToken);
        if (ModelErrors.OfColumns(dataset, sql, columns) is { } error)
        {
            throw new EtlException(error);
        }

        await SqlBatch.ExecuteAsync(session, sql.Fill, cancellationToken);
    }

    /// <summary>The rows as a file, which has the name of the model's.</summary>
    public async Task<SourceFile> PinAsync(Model model, CancellationToken cancellationToken)
    {
        var uri = S3Address.IsS3(model.File) ? model.File : FolderUri.Of(model.File);
        var name = Path.GetFileName(model.File);
        return new SourceFile(uri, name, model.Version, await CountBytesAsync(cancellationToken))
        {
            Folder = Model.Folder,
        };
    }

    public async Task<Stream> OpenAsync(SourceFile file, CancellationToken cancellationToken)
    {
        var reader = (StreamReader)await session.Connection.BeginTextExportAsync(sql.Copy, cancellationToken);
        return reader.BaseStream;
    }

    /// <summary>Nobody else sees the rows.</summary>
    public Task VerifyUnchangedAsync(SourceFile file, CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => session.DisposeAsync();

    private async Task RequireOneForEachAsync(Model model, CancellationToken cancellationToken)
    {
        var found = new List<DifferentKey>();
        await using var command = session.Command(sql.Differences);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var values = sql.Key.Select((k, i) => (k, reader.IsDBNull(i + 3) ? null : reader.GetString(i + 3)));
            found.Add(new((Difference)reader.GetInt32(0), reader.GetInt64(1), reader.GetInt64(2), [.. values]));
        }

        if (found.Count > 0)
        {
            throw ModelErrors.OfRows(model, found);
        }
    }

    /// <summary>A file is pinned with its size.</summary>
    private async Task<long> CountBytesAsync(CancellationToken cancellationToken)
    {
        await using var stream = await OpenAsync(null!, cancellationToken);
        var (buffer, total, read) = (new byte[64 * 1024], 0L, 0);
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            total += read;
        }

        return total;
    }
}
