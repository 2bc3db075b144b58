using System.Diagnostics.CodeAnalysis;
using System.Threading.Tasks.Sources;

namespace RemoteSwap.Nbd.Transmission;

/// <summary>
/// The requests of a connection that are under way, bounded in count and in bytes, and those that wait to be used
/// again. A request holds its place until its reply has been sent, so a client that does not read its replies fills the
/// window and stops its own reader, nothing else.
/// <para>
/// A request larger than what is left waits for room; one that finds the window empty always enters. Only the reader
/// waits for a place; any number may wait for the window to be idle.
/// </para>
/// <para>Lock: guards all fields; a few steps inside; nothing is completed inside it.</para>
/// </summary>
internal sealed class RequestWindow : IValueTaskSource
{
    private readonly Lock _lock = new();
    private readonly RequestExecutor _executor;
    private readonly BufferPool _buffers;
    private readonly int _maxRequests;
    private readonly long _maxBytes;

    private ManualResetValueTaskSourceCore<bool> _room = new() { RunContinuationsAsynchronously = true };
    private TaskCompletionSource? _idle;
    private NbdRequest? _free;
    private bool _isWaited;
    private int _requests;
    private long _bytes;
    private long _wantedBytes;
    private long _served;

    /// <summary>Makes an empty window.</summary>
    public RequestWindow(RequestExecutor executor, BufferPool buffers, NbdServerOptions options)
    {
        _executor = executor;
        _buffers = buffers;
        _maxRequests = options.MaxRequestsInFlight;
        _maxBytes = options.MaxBytesInFlight;
    }

    /// <summary>Requests that have been answered, or given up with their connection.</summary>
    public long Served => Volatile.Read(ref _served);

    /// <summary>Requests that are under way.</summary>
    public int Count => Volatile.Read(ref _requests);

    /// <summary>Takes a place if there is room.</summary>
    public bool TryEnter(long bytes, [NotNullWhen(true)] out NbdRequest? request)
    {
        lock (_lock)
        {
            if (!HasRoom(bytes))
            {
                request = null;
                return false;
            }

            _requests++;
            _bytes += bytes;
            request = _free ?? new NbdRequest(_executor);
            _free = request.Next;
            request.Next = null;
            request.WindowBytes = bytes;
            return true;
        }
    }

    /// <summary>Waits until there may be room; for the reader only.</summary>
    public ValueTask WaitAsync(long bytes)
    {
        lock (_lock)
        {
            if (HasRoom(bytes))
            {
                return ValueTask.CompletedTask;
            }

            _room.Reset();
            _isWaited = true;
            _wantedBytes = bytes;
            return new ValueTask(this, _room.Version);
        }
    }

    /// <summary>Ends when no request is under way.</summary>
    public Task IdleAsync()
    {
        lock (_lock)
        {
            if (_requests == 0)
            {
                return Task.CompletedTask;
            }

            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _idle.Task;
        }
    }

    /// <summary>Gives up a request's place, its buffer, and the request.</summary>
    public void Leave(NbdRequest request)
    {
        if (request.Buffer is { } buffer)
        {
            _buffers.Return(buffer);
        }

        long bytes = request.WindowBytes;
        request.Clear();
        bool hasRoom;
        TaskCompletionSource? idle = null;
        lock (_lock)
        {
            _served++;
            _requests--;
            _bytes -= bytes;
            request.Next = _free;
            _free = request;
            hasRoom = _isWaited && HasRoom(_wantedBytes);
            _isWaited &= !hasRoom;
            if (_requests == 0)
            {
                (idle, _idle) = (_idle, null);
            }
        }

        if (hasRoom)
        {
            _room.SetResult(true);
        }

        idle?.SetResult();
    }

    /// <inheritdoc/>
    void IValueTaskSource.GetResult(short token) => _room.GetResult(token);

    /// <inheritdoc/>
    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _room.GetStatus(token);

    /// <inheritdoc/>
    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _room.OnCompleted(continuation, state, token, flags);

    // Inside the lock.
    private bool HasRoom(long bytes) =>
        _requests == 0 || (_requests < _maxRequests && _bytes + bytes <= _maxBytes);
}
