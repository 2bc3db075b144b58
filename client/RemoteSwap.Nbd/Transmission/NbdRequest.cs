using System.Runtime.CompilerServices;
using RemoteSwap.Nbd.Telemetry;

namespace RemoteSwap.Nbd.Transmission;

/// <summary>
/// One request on its way: from its header to the last byte of its reply. Kept and used again by
/// <see cref="RequestWindow"/>, so a request in steady state allocates nothing.
/// <para>
/// Who owns it: the reader until it is begun; then whoever completes it; then the reply writer, which gives it back. It
/// is never touched by two at a time, so it needs no lock.
/// </para>
/// </summary>
internal sealed class NbdRequest
{
    // Room for a short reply; READ and BLOCK_STATUS have buffers.
    private const int HeadBytes = 64;

    private readonly RequestExecutor _executor;
    private readonly Action _resume;
    private ReadOnlyMemory<byte>[] _parts = new ReadOnlyMemory<byte>[1];
    private ConfiguredValueTaskAwaitable<NbdResult>.ConfiguredValueTaskAwaiter _work;

    /// <summary>Makes a request for a connection.</summary>
    public NbdRequest(RequestExecutor executor)
    {
        _executor = executor;
        _resume = Resume;
        Watch = new RequestWatch(executor.Measures);
    }

    /// <summary>Measures and traces it.</summary>
    public RequestWatch Watch { get; }

    /// <summary>What was asked for.</summary>
    public RequestHeader Header { get; set; }

    /// <summary>Bytes that it holds of the window.</summary>
    public long WindowBytes { get; set; }

    /// <summary>The buffer of its bytes or extents; null: it has none.</summary>
    public byte[]? Buffer { get; set; }

    /// <summary>The bytes of a read or write.</summary>
    public Memory<byte> Content => Buffer.AsMemory(BufferPool.Headroom, (int)Header.Length);

    /// <summary>Whether a flush has to follow before the reply.</summary>
    public bool NeedsFlush { get; set; }

    /// <summary>Extents of a BLOCK_STATUS that stand in the buffer, as on the wire.</summary>
    public int ExtentCount { get; set; }

    /// <summary>The plan of a large structured read; null: the read is all data.</summary>
    public ReadPlan? Plan { get; set; }

    /// <summary>A plan to use again.</summary>
    public ReadPlan? SparePlan { get; set; }

    /// <summary>Room for a short reply.</summary>
    public byte[] Head { get; } = new byte[HeadBytes];

    /// <summary>The next one in a queue of the reply writer or in the window's free list.</summary>
    public NbdRequest? Next { get; set; }

    /// <summary>How many parts the reply has.</summary>
    public int PartCount { get; private set; }

    /// <summary>A part of the reply; the parts go out in order.</summary>
    public ReadOnlyMemory<byte> Part(int index) => _parts[index];

    /// <summary>Adds a part to the reply.</summary>
    public void AddPart(ReadOnlyMemory<byte> part)
    {
        if (PartCount == _parts.Length)
        {
            Array.Resize(ref _parts, PartCount * 2);
        }

        _parts[PartCount++] = part;
    }

    /// <summary>Goes on with the request when the device has done its work.</summary>
    public void Await(ValueTask<NbdResult> work)
    {
        // By a copy: the one in the field may be taken by another thread while this call is not over.
        ConfiguredValueTaskAwaitable<NbdResult>.ConfiguredValueTaskAwaiter awaiter =
            work.ConfigureAwait(false).GetAwaiter();
        _work = awaiter;
        awaiter.UnsafeOnCompleted(_resume);
    }

    /// <summary>The result of the work that was waited for; throws what the device threw.</summary>
    public NbdResult TakeResult()
    {
        ConfiguredValueTaskAwaitable<NbdResult>.ConfiguredValueTaskAwaiter work = _work;
        _work = default;
        return work.GetResult();
    }

    /// <summary>Forgets the request that was.</summary>
    public void Clear()
    {
        Watch.End();
        Buffer = null;
        NeedsFlush = false;
        ExtentCount = 0;
        Plan = null;
        WindowBytes = 0;
        _parts.AsSpan(0, PartCount).Clear();
        PartCount = 0;
    }

    private void Resume() => _executor.Resume(this);
}
