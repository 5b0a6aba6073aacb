using Npgsql;

namespace Etl.Infrastructure.Stage.Copy;

/// <summary>
/// Lets a run stop during a COPY that a lock or a slow disk blocks: only another session can end such a statement.
/// </summary>
internal sealed class CopyStop : IAsyncDisposable
{
    private readonly NpgsqlDataSource database;
    private readonly int session;
    private readonly CancellationTokenRegistration registration;
    private Task stopping = Task.CompletedTask;

    public CopyStop(NpgsqlDataSource database, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        this.database = database;
        session = connection.ProcessID;
        registration = cancellationToken.Register(() => stopping = StopAsync());
    }

    /// <summary>The session goes back to its pool only when nothing can cancel its next owner's work any more.</summary>
    public async ValueTask DisposeAsync()
    {
        await registration.DisposeAsync();
        await stopping;
    }

    private async Task StopAsync()
    {
        try
        {
            await using var cancel = database.CreateCommand("select pg_cancel_backend($1)");
            cancel.Parameters.Add(new NpgsqlParameter<int> { TypedValue = session });
            await cancel.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (NpgsqlException)
        {
            // The server cannot be reached, so the connection of the COPY has failed too.
        }
    }
}
