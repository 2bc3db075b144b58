using RemoteSwap.Nbd.Connections;
using RemoteSwap.Nbd.Negotiation;
using RemoteSwap.Nbd.Telemetry;
using RemoteSwap.Nbd.Wire;

namespace RemoteSwap.Nbd.Transmission;

/// <summary>
/// Has the device do what requests ask for, and hands their replies to the writer. A device that is done at once costs
/// no change of threads; otherwise the thread that completes the device's work goes on.
/// <para>
/// Requests have been checked; nothing is checked again. FUA is a flush behind the work, on the same request. What a
/// device throws ends the connection; there is no reply, since nobody knows what was done.
/// </para>
/// <para>Locks: none. <see cref="Begin"/> is for the reader alone; <see cref="Resume"/> runs on any thread.</para>
/// </summary>
internal sealed class RequestExecutor
{
    // Extents of one reply to BLOCK_STATUS, and how often the device is asked for them: the reader waits meanwhile.
    private const int MaxExtents = 2048;
    private const int MaxLookups = 4 * MaxExtents;

    private readonly NbdConnection _connection;
    private readonly INbdDevice _device;
    private readonly BufferPool _buffers;
    private readonly ReplyWriter _writer;
    private readonly FailureLog _failures;
    private readonly bool _isStructured;
    private readonly int _unitBytes;
    private readonly CancellationToken _ended;
    private Extent[]? _extents;

    /// <summary>Makes an executor for a connection.</summary>
    public RequestExecutor(NbdConnection connection, NbdExport export, Agreement agreement)
    {
        _connection = connection;
        Measures = export.Measures;
        _device = export.Device;
        _buffers = export.Buffers;
        _unitBytes = export.Options.MinBlockBytes;
        _isStructured = agreement.StructuredReplies;
        _ended = connection.Ended;
        _failures = new FailureLog(connection.Log);
        Window = new RequestWindow(this, export.Buffers, export.Options);
        _writer = new ReplyWriter(connection, Window);
    }

    /// <summary>Measures the export.</summary>
    public ExportMeasures Measures { get; }

    /// <summary>The requests that are under way.</summary>
    public RequestWindow Window { get; }

    /// <summary>Begins a request that was checked and, if it writes, has its bytes.</summary>
    public void Begin(NbdRequest request)
    {
        request.NeedsFlush = !_device.IsWriteThrough
            && Has(request.Header, CommandFlags.ForceUnitAccess)
            && request.Header.Command is NbdCommand.Write or NbdCommand.Trim or NbdCommand.WriteZeroes;
        if (TryBegin(request, out NbdResult result))
        {
            Answer(request, result);
        }
    }

    /// <summary>Answers a request that was refused.</summary>
    public void Refuse(NbdRequest request, NbdResult refusal) => Answer(request, refusal);

    /// <summary>Goes on with a request when the device has done its work.</summary>
    public void Resume(NbdRequest request)
    {
        if (TryRun(request, isBegun: true, out NbdResult result))
        {
            Answer(request, result);

            // In a burst of the device's, with what else becomes ready in it. Alone, it goes out from here. Where there
            // are others, they are likely to be done soon too and go out together, and the device has its thread back.
            if (!ReplyBurst.TryWait(_writer))
            {
                _writer.Send(isHere: Window.Count <= 1);
            }
        }
    }

    /// <summary>Sends the replies that are ready.</summary>
    public void SendReplies() => _writer.Send(isHere: true);

    /// <summary>Room for the bytes of a write.</summary>
    public byte[] RentBuffer(int length) => _buffers.Rent(length);

    // What the device begins is a part of the request's span.
    private bool TryBegin(NbdRequest request, out NbdResult result)
    {
        using SpanScope scope = new(request.Watch.Span);
        return TryRun(request, isBegun: false, out result);
    }

    // False: the request waits for the device, or has ended with the connection.
    private bool TryRun(NbdRequest request, bool isBegun, out NbdResult result)
    {
        try
        {
            if (isBegun)
            {
                result = request.TakeResult();
            }
            else if (!TryEnd(request, Start(request), out result))
            {
                return false;
            }

            if (result.IsSuccess && request.NeedsFlush)
            {
                request.NeedsFlush = false;
                return TryEnd(request, _device.FlushAsync(_ended), out result);
            }

            return true;
        }
        catch (Exception failure) when (_connection.EndsBy(failure))
        {
            result = default;
            Window.Leave(request);
            return false;
        }
    }

    // Not Enum.HasFlag, which allocates until its caller has been compiled for speed.
    private static bool Has(in RequestHeader header, CommandFlags flag) => (header.Flags & flag) != CommandFlags.None;

    // Once it waits, the request belongs to whoever completes the work.
    private static bool TryEnd(NbdRequest request, ValueTask<NbdResult> work, out NbdResult result)
    {
        if (work.IsCompleted)
        {
            result = work.GetAwaiter().GetResult();
            return true;
        }

        result = default;
        request.Await(work);
        return false;
    }

    private ValueTask<NbdResult> Start(NbdRequest request)
    {
        RequestHeader header = request.Header;
        long offset = (long)header.Offset;
        switch (header.Command)
        {
            case NbdCommand.Read:
                return Read(request, offset, (int)header.Length);
            case NbdCommand.Write:
                return _device.WriteAsync(offset, request.Content, _ended);
            case NbdCommand.Flush:
                return _device.FlushAsync(_ended);
            case NbdCommand.Trim:
                return _device.TrimAsync(offset, header.Length, _ended);
            case NbdCommand.Cache:
                return _device.CacheAsync(offset, header.Length, _ended);
            case NbdCommand.WriteZeroes:
                // FAST_ZERO needs nothing: this is always faster than writing.
                bool keepAllocated = Has(header, CommandFlags.NoHole);
                return _device.WriteZeroesAsync(offset, header.Length, keepAllocated, _ended);
            case NbdCommand.BlockStatus:
                return new ValueTask<NbdResult>(TellExtents(request, offset));
            default:
                throw new InvalidOperationException($"the command {header.Command} was let through");
        }
    }

    private ValueTask<NbdResult> Read(NbdRequest request, long offset, int length)
    {
        bool mayFragment = _isStructured && !Has(request.Header, CommandFlags.DontFragment);
        if (mayFragment && length >= ReadPlan.LeastReadBytes)
        {
            request.Plan = request.SparePlan ??= new ReadPlan();
            request.Plan.Make(_device, offset, length);
            if (request.Plan.IsAllZeroes)
            {
                return new ValueTask<NbdResult>(NbdResult.Success);
            }
        }

        request.Buffer = _buffers.Rent(length);
        return _device.ReadAsync(offset, request.Content, _ended);
    }

    private NbdResult TellExtents(NbdRequest request, long offset)
    {
        _extents ??= new Extent[MaxExtents];
        int max = Has(request.Header, CommandFlags.RequestOne) ? 1 : MaxExtents;
        int count = ExtentWalk.Collect(
            _device, offset, request.Header.Length, _unitBytes, MaxLookups, _extents.AsSpan(0, max));
        request.Buffer = _buffers.Rent(count * 2 * sizeof(uint));
        foreach (Extent extent in _extents.AsSpan(0, count))
        {
            ReplyLayout.WriteExtent(request, extent);
        }

        return NbdResult.Success;
    }

    private void Answer(NbdRequest request, NbdResult result)
    {
        if (!result.IsSuccess)
        {
            _failures.Tell(request.Header, result);
        }

        request.Watch.Answer(request.Header, result);
        ReplyLayout.Lay(request, result, _isStructured);
        _writer.Queue(request);
    }
}
