using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using RemoteSwap.Nbd.Connections;

namespace RemoteSwap.Nbd.Transmission;

/// <summary>
/// Sends replies, in the order in which they became ready. Whoever finds nobody sending sends, and goes on with what
/// becomes ready meanwhile: so replies that are ready together go out together, and one alone goes out at once.
/// <para>
/// Small replies are copied together, which costs less than a send each; large ones go out from their own buffers. A
/// request keeps its place in the window until its last byte is sent. When sending fails, the connection ends and what
/// is queued is given up.
/// </para>
/// <para>
/// Lock: guards the queue and who sends; a few steps inside. All other fields belong to the one who sends.
/// </para>
/// </summary>
internal sealed class ReplyWriter : IThreadPoolWorkItem
{
    // Replies are gathered up to this, and parts from DirectBytes on are not copied.
    private const int GatherBytes = 128 << 10;
    private const int DirectBytes = 32 << 10;

    // After so many sends one after another on a thread of somebody's, the thread pool goes on with it.
    private const int MaxSendsHere = 16;

    private readonly Lock _lock = new();
    private readonly NbdConnection _connection;
    private readonly RequestWindow _window;
    private readonly Action _resume;
    private readonly byte[] _gathered = GC.AllocateUninitializedArray<byte>(GatherBytes, pinned: true);

    private NbdRequest? _first;
    private NbdRequest? _last;
    private bool _isSending;

    private ConfiguredValueTaskAwaitable.ConfiguredValueTaskAwaiter _writing;
    private NbdRequest? _current;
    private NbdRequest? _sent;
    private int _part;
    private bool _isBroken;

    /// <summary>Makes a writer for a connection.</summary>
    public ReplyWriter(NbdConnection connection, RequestWindow window)
    {
        _connection = connection;
        _window = window;
        _resume = Resume;
    }

    /// <summary>Adds a request whose reply is laid out; <see cref="Send"/> sends it.</summary>
    public void Queue(NbdRequest request)
    {
        lock (_lock)
        {
            if (_last is null)
            {
                _first = request;
            }
            else
            {
                _last.Next = request;
            }

            _last = request;
        }
    }

    /// <summary>Sends what is queued, unless someone is doing so.</summary>
    /// <param name="isHere">On this thread, as far as that goes without waiting.</param>
    public void Send(bool isHere)
    {
        lock (_lock)
        {
            if (_isSending || _first is null)
            {
                return;
            }

            _isSending = true;
        }

        if (isHere)
        {
            Pump();
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <inheritdoc/>
    void IThreadPoolWorkItem.Execute() => Pump();

    private void Resume()
    {
        if (TryWrite(isResumed: true, default))
        {
            Pump();
        }
    }

    private void Pump()
    {
        for (int sends = 0; TryGather(out ReadOnlyMemory<byte> bytes); sends++)
        {
            if (!TryWrite(isResumed: false, bytes))
            {
                return;
            }

            if (sends == MaxSendsHere)
            {
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                return;
            }
        }
    }

    // False: the write is under way, and goes on in Resume.
    private bool TryWrite(bool isResumed, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            if (isResumed)
            {
                _writing.GetResult();
                return true;
            }

            return TryEnd(_connection.Stream.WriteAsync(bytes));
        }
        catch (Exception failure) when (_connection.EndsBy(failure))
        {
            _isBroken = true;
            return true;
        }
    }

    private bool TryEnd(ValueTask write)
    {
        ConfiguredValueTaskAwaitable.ConfiguredValueTaskAwaiter writing = write.ConfigureAwait(false).GetAwaiter();
        if (writing.IsCompleted)
        {
            writing.GetResult();
            return true;
        }

        // By a copy: the one in the field may be used by another thread while this call is not over.
        _writing = writing;
        writing.UnsafeOnCompleted(_resume);
        return false;
    }

    // What was gathered before has been sent, or never will be.
    private bool TryGather(out ReadOnlyMemory<byte> bytes)
    {
        PassCurrent();
        LeaveSent();
        int length = 0;
        while (_current is not null || TryTake(isLast: length == 0, out _current))
        {
            for (; _part < _current.PartCount && !_isBroken; _part++)
            {
                ReadOnlyMemory<byte> part = _current.Part(_part);
                if (part.Length > DirectBytes && length == 0)
                {
                    _part++;
                    bytes = part;
                    return true;
                }

                if (part.Length > DirectBytes || part.Length > GatherBytes - length)
                {
                    bytes = _gathered.AsMemory(0, length);
                    return true;
                }

                part.CopyTo(_gathered.AsMemory(length));
                length += part.Length;
            }

            PassCurrent();
            if (_isBroken)
            {
                LeaveSent();
            }
        }

        bytes = _gathered.AsMemory(0, length);
        return length > 0;
    }

    // Moves a request all of whose parts have been taken to those that leave after the next send.
    private void PassCurrent()
    {
        if (_current is { } current && (_isBroken || _part == current.PartCount))
        {
            current.Next = _sent;
            _sent = current;
            _current = null;
            _part = 0;
        }
    }

    private void LeaveSent()
    {
        while (_sent is { } request)
        {
            _sent = request.Next;
            request.Next = null;
            _window.Leave(request);
        }
    }

    // If it is the last look and there is nothing, the sending ends, and this has to be the sender's last step.
    private bool TryTake(bool isLast, [NotNullWhen(true)] out NbdRequest? request)
    {
        lock (_lock)
        {
            request = _first;
            if (request is null)
            {
                _isSending = !isLast;
                return false;
            }

            _first = request.Next;
            if (_first is null)
            {
                _last = null;
            }

            request.Next = null;
            return true;
        }
    }
}
