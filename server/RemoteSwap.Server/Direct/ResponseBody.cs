using System.IO.Pipelines;

namespace RemoteSwap.Server.Direct;

/// <summary>
/// The response's body as the call writes it: the pipe that <see cref="ResponsePump"/> empties. The first flush starts
/// the response. When the response is over before its call, what is still written goes nowhere.
/// <para>The call alone uses it.</para>
/// </summary>
/// <param name="pipe">The pipe's writer.</param>
/// <param name="pump">Who sends.</param>
internal sealed class ResponseBody(PipeWriter pipe, ResponsePump pump) : PipeWriter
{
    private byte[]? _nowhere;

    /// <summary>Starts the response; a second time nothing.</summary>
    public required Func<CancellationToken, Task> Start { get; init; }

    /// <inheritdoc/>
    public override bool CanGetUnflushedBytes => true;

    /// <inheritdoc/>
    public override long UnflushedBytes => _nowhere is null ? pipe.UnflushedBytes : 0;

    /// <inheritdoc/>
    public override Memory<byte> GetMemory(int sizeHint = 0) =>
        _nowhere is null ? pipe.GetMemory(sizeHint) : Nowhere(sizeHint);

    /// <inheritdoc/>
    public override Span<byte> GetSpan(int sizeHint = 0) =>
        _nowhere is null ? pipe.GetSpan(sizeHint) : Nowhere(sizeHint);

    /// <inheritdoc/>
    public override void Advance(int bytes)
    {
        if (_nowhere is null)
        {
            pipe.Advance(bytes);
        }
    }

    /// <inheritdoc/>
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (!pump.IsOver)
        {
            return pump.IsStarted ? pipe.FlushAsync(cancellationToken) : StartAndFlushAsync(cancellationToken);
        }

        // Only here, where the writer has no memory of the pipe in its hands.
        _nowhere ??= [];
        return cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<FlushResult>(cancellationToken)
            : ValueTask.FromResult(new FlushResult(isCanceled: false, isCompleted: true));
    }

    /// <inheritdoc/>
    public override void CancelPendingFlush() =>
        ThreadPool.UnsafeQueueUserWorkItem(static writer => writer.CancelPendingFlush(), pipe, preferLocal: false);

    /// <summary>Nothing: a response ends when its call does.</summary>
    public override void Complete(Exception? exception = null)
    {
        // What is not flushed by now is flushed at the end of the call.
    }

    private byte[] Nowhere(int bytes)
    {
        if (_nowhere!.Length < Math.Max(1, bytes))
        {
            _nowhere = GC.AllocateUninitializedArray<byte>(Math.Max(1 << 12, bytes));
        }

        return _nowhere;
    }

    private async ValueTask<FlushResult> StartAndFlushAsync(CancellationToken cancellationToken)
    {
        await Start(cancellationToken);
        return await pipe.FlushAsync(cancellationToken);
    }
}
