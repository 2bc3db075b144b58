namespace RemoteSwap.Client.Tests.Http2;

/// <summary>
/// The client's end of a connection that has no socket: the test says what arrives, one piece for each read at the
/// most, and sees what was written, one entry for each write. Writes can be held up; the bytes of one that is held must
/// not change meanwhile. Any thread may use it.
/// </summary>
internal sealed class MemoryConnection : Stream
{
    private readonly Lock _lock = new();
    private readonly Queue<ReadOnlyMemory<byte>> _arrived = new();
    private readonly List<byte[]> _writes = [];
    private TaskCompletionSource _change = NewChange();
    private Exception? _fault;
    private bool _isEnded;
    private bool _isHeld;
    private bool _isDisposed;
    private int _changedUnderway;
    private int _writing;
    private int _reads;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Whether the client has closed it.</summary>
    public bool IsDisposed
    {
        get
        {
            lock (_lock)
            {
                return _isDisposed;
            }
        }
    }

    /// <summary>What was written so far, those that are held up included.</summary>
    public IReadOnlyList<byte[]> Writes
    {
        get
        {
            lock (_lock)
            {
                return [.. _writes];
            }
        }
    }

    /// <summary>Reads that have begun.</summary>
    public int Reads => Volatile.Read(ref _reads);

    /// <summary>Writes whose bytes were not the same any more when they ended.</summary>
    public int ChangedUnderway => Volatile.Read(ref _changedUnderway);

    /// <summary>The most writes that were ever under way at once.</summary>
    public int MostWriting { get; private set; }

    /// <summary>Something arrives.</summary>
    public void Arrive(ReadOnlyMemory<byte> bytes) => Change(() => _arrived.Enqueue(bytes));

    /// <summary>The server closes its end.</summary>
    public void EndArriving() => Change(() => _isEnded = true);

    /// <summary>The connection breaks.</summary>
    public void Break(Exception fault) => Change(() => _fault = fault);

    /// <summary>Writes do not end any more.</summary>
    public void Hold() => Change(() => _isHeld = true);

    /// <summary>Writes end.</summary>
    public void Release() => Change(() => _isHeld = false);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        Interlocked.Increment(ref _reads);
        while (true)
        {
            Task change;
            lock (_lock)
            {
                ThrowIfOver();
                if (_arrived.TryDequeue(out ReadOnlyMemory<byte> first))
                {
                    return Deliver(first, buffer);
                }

                if (_isEnded)
                {
                    return 0;
                }

                change = _change.Task;
            }

            await change.WaitAsync(cancellationToken);
        }
    }

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        byte[] before = buffer.ToArray();
        lock (_lock)
        {
            ThrowIfOver();
            _writes.Add(before);
            MostWriting = Math.Max(MostWriting, ++_writing);
        }

        try
        {
            await EndWriteAsync(cancellationToken);
        }
        finally
        {
            Interlocked.Add(ref _changedUnderway, buffer.Span.SequenceEqual(before) ? 0 : 1);
            lock (_lock)
            {
                _writing--;
            }
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        Change(() => _isDisposed = true);
        base.Dispose(disposing);
    }

    private async ValueTask EndWriteAsync(CancellationToken ct)
    {
        while (true)
        {
            Task change;
            lock (_lock)
            {
                ThrowIfOver();
                if (!_isHeld)
                {
                    return;
                }

                change = _change.Task;
            }

            await change.WaitAsync(ct);
        }
    }

    // Inside the lock.
    private int Deliver(ReadOnlyMemory<byte> first, Memory<byte> buffer)
    {
        int bytes = Math.Min(first.Length, buffer.Length);
        first.Span[..bytes].CopyTo(buffer.Span);
        if (bytes < first.Length)
        {
            ReadOnlyMemory<byte>[] others = [.. _arrived];
            _arrived.Clear();
            _arrived.Enqueue(first[bytes..]);
            foreach (ReadOnlyMemory<byte> other in others)
            {
                _arrived.Enqueue(other);
            }
        }

        return bytes;
    }

    // As a socket says it to whoever was waiting.
    private void ThrowIfOver()
    {
        if (_isDisposed)
        {
            throw new IOException("the connection was closed here");
        }

        if (_fault is not null)
        {
            throw _fault;
        }
    }

    private void Change(Action change)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            change();
            changed = _change;
            _change = NewChange();
        }

        changed.TrySetResult();
    }

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
