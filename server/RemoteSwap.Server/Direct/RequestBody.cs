using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace RemoteSwap.Server.Direct;

/// <summary>
/// The request's body as the call reads it: the pipe that the connection's loop fills, and the client's window, which
/// is opened again for what has been looked at. So a message that is larger than the window arrives, when its reader
/// lets it; and who looks at nothing is sent nothing.
/// <para>
/// What it is not: a place where others' threads go on with the call. A read is cancelled on a thread of the pool,
/// because the pipe's reader goes on where it is woken.
/// </para>
/// <para>The call alone uses it; <see cref="CancelPendingRead"/> anybody.</para>
/// </summary>
/// <param name="pipe">The pipe's reader.</param>
/// <param name="used">Takes the bytes that have been looked at.</param>
internal sealed class RequestBody(PipeReader pipe, Action<int> used) : PipeReader
{
    private ReadOnlySequence<byte> _read;

    // Looked at before, and still there.
    private long _lookedAt;

    /// <inheritdoc/>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        ValueTask<ReadResult> read = pipe.ReadAsync(cancellationToken);
        return read.IsCompletedSuccessfully ? new ValueTask<ReadResult>(Keep(read.Result)) : KeepAsync(read);
    }

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        bool isRead = pipe.TryRead(out result);
        if (isRead)
        {
            Keep(result);
        }

        return isRead;
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        long gone = _read.Slice(0, consumed).Length;
        long seen = _read.Slice(0, examined).Length;
        long news = Math.Max(0, seen - _lookedAt);
        _lookedAt = Math.Max(seen, _lookedAt) - gone;
        _read = default;
        pipe.AdvanceTo(consumed, examined);
        used((int)news);
    }

    /// <inheritdoc/>
    public override void CancelPendingRead() =>
        ThreadPool.UnsafeQueueUserWorkItem(static reader => reader.CancelPendingRead(), pipe, preferLocal: false);

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null) => pipe.Complete(exception);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> KeepAsync(ValueTask<ReadResult> read) => Keep(await read);

    private ReadResult Keep(ReadResult result)
    {
        _read = result.Buffer;
        return result;
    }
}
