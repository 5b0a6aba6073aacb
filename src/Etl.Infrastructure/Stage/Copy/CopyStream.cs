using Npgsql;

namespace Etl.Infrastructure.Stage.Copy;

/// <summary>
/// One COPY into a table: rows are collected in one buffer while the other one is sent. It ends as a whole or not at all:
/// disposed without <see cref="CompleteAsync"/> it is cancelled.
/// </summary>
internal sealed class CopyStream : IAsyncDisposable
{
    /// <summary>Large enough that messages cost nothing, small enough to stay in the cache.</summary>
    public const int PieceBytes = 128 * 1024;

    private readonly NpgsqlRawCopyStream stream;
    private CopyBuffer spare = new(PieceBytes + 4096);
    private Task sending = Task.CompletedTask;
    private bool isComplete;

    private CopyStream(NpgsqlRawCopyStream stream)
    {
        this.stream = stream;
        Buffer.Begin();
    }

    /// <summary>Where rows are written to.</summary>
    public CopyBuffer Buffer { get; private set; } = new(PieceBytes + 4096);

    public bool IsFull => Buffer.Length >= PieceBytes;

    public static async Task<CopyStream> BeginAsync(
        NpgsqlConnection connection,
        string command,
        CancellationToken cancellationToken
    )
    {
        var raw = await connection.BeginRawBinaryCopyAsync(command, cancellationToken);
        raw.ReadTimeout = Timeout.Infinite;
        raw.WriteTimeout = Timeout.Infinite;
        return new CopyStream(raw);
    }

    /// <summary>Sends what was collected; returns as soon as a buffer is free.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await sending;
        (Buffer, spare) = (spare, Buffer);
        Buffer.Clear();
        sending = stream.WriteAsync(spare.Written, cancellationToken).AsTask();
    }

    /// <summary>Sends encoded rows of another buffer.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> rows, CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        await sending;
        await stream.WriteAsync(rows, cancellationToken);
    }

    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        Buffer.End();
        await FlushAsync(cancellationToken);
        await sending;
        isComplete = true;
        await stream.DisposeAsync();
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
