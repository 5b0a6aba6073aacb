using Npgsql;

namespace Etl.Infrastructure.Stage.Copy;

/// <summary>
/// One COPY into a table, of one session or of several: rows are collected in one buffer while others are sent, whole rows
/// to one session after another. It ends as a whole or not at all: disposed without <see cref="CompleteAsync"/> it is cancelled.
/// </summary>
internal sealed class CopyStream : IAsyncDisposable
{
    /// <summary>Large enough that messages cost nothing, small enough to stay in the cache.</summary>
    public const int PieceBytes = 128 * 1024;

    private readonly List<Session> sessions = [];
    private int next;

    private CopyStream() { }

    /// <summary>Where rows are written to.</summary>
    public CopyBuffer Buffer { get; private set; } = NewBuffer();

    public bool IsFull => Buffer.Length >= PieceBytes;

    public static Task<CopyStream> BeginAsync(
        NpgsqlConnection connection,
        string command,
        CancellationToken cancellationToken
    ) => BeginAsync([connection], command, cancellationToken);

    /// <param name="connections">Each in a transaction that the caller commits or rolls back.</param>
    /// <param name="command">The statement, for each of them.</param>
    /// <param name="cancellationToken">Stops the beginning.</param>
    public static async Task<CopyStream> BeginAsync(
        IEnumerable<NpgsqlConnection> connections,
        string command,
        CancellationToken cancellationToken
    )
    {
        var copy = new CopyStream();
        try
        {
            foreach (var connection in connections)
            {
                var raw = await connection.BeginRawBinaryCopyAsync(command, cancellationToken);
                raw.ReadTimeout = Timeout.Infinite;
                raw.WriteTimeout = Timeout.Infinite;
                copy.sessions.Add(new Session(raw));
            }

            copy.Buffer.Begin();
            await copy.SendToAllAsync(cancellationToken);
            return copy;
        }
        catch
        {
            await copy.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends what was collected; returns as soon as a buffer is free.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        Buffer = await sessions[next].ExchangeAsync(Buffer, cancellationToken);
        next = (next + 1) % sessions.Count;
    }

    /// <summary>Sends encoded rows of another buffer.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> rows, CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        await sessions[next].SendAsync(rows, cancellationToken);
    }

    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        Buffer.End();
        await SendToAllAsync(cancellationToken);
        foreach (var session in sessions)
        {
            await session.CompleteAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var session in sessions)
        {
            await session.DisposeAsync();
        }
    }

    private async Task SendToAllAsync(CancellationToken cancellationToken)
    {
        foreach (var session in sessions)
        {
            await session.SendAsync(Buffer.Written, cancellationToken);
        }

        Buffer.Clear();
    }

    private static CopyBuffer NewBuffer() => new(PieceBytes + 4096);

    /// <summary>The COPY of one session.</summary>
    private sealed class Session(NpgsqlRawCopyStream stream) : IAsyncDisposable
    {
        private CopyBuffer spare = NewBuffer();
        private Task sending = Task.CompletedTask;
        private bool isComplete;

        /// <summary>Begins to send a buffer.</summary>
        /// <returns>An empty one, once the buffer before is sent.</returns>
        public async ValueTask<CopyBuffer> ExchangeAsync(CopyBuffer full, CancellationToken cancellationToken)
        {
            await sending;
            var empty = spare;
            spare = full;
            empty.Clear();
            sending = stream.WriteAsync(full.Written, cancellationToken).AsTask();
            return empty;
        }

        public async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            await sending;
            await stream.WriteAsync(bytes, cancellationToken);
        }

        public ValueTask CompleteAsync()
        {
            isComplete = true;
            return stream.DisposeAsync();
        }

        public async ValueTask DisposeAsync()
        {
            if (isComplete)
            {
                return;
            }

            // The exception that led here is the one to report; the server discards the rows either way.
            await sending.ContinueWith(
                _ => { },
                CancellationToken.None,
                TaskContinuationOptions.None,
                TaskScheduler.Default
            );
            try
            {
                await stream.CancelAsync();
            }
            catch (Exception exception) when (exception is NpgsqlException or IOException or InvalidOperationException)
            {
                return;
            }

            await stream.DisposeAsync();
        }
    }
}
