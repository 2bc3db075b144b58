using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// Memory that pings copy to and from: frames like those of the store, all of them there, used by nobody. With it a
/// measurement can tell what the store costs beyond what any copy into, or out of, cold memory costs.
/// <para>
/// What is copied in goes to one half and what is copied out comes from the other: no ping is ever answered with what
/// another client has sent.
/// </para>
/// <para>Thread-safe; copies may overlap, because the bytes mean nothing.</para>
/// </summary>
public sealed class PingArena : IDisposable
{
    private readonly FrameArena _arena;
    private readonly int _half;

    /// <summary>Takes the memory and touches all of it.</summary>
    /// <param name="bytes">How much; at least two frames.</param>
    /// <param name="hugePages">As <see cref="StoreOptions.HugePages"/>, or the copies compare with something
    /// else.</param>
    public PingArena(long bytes, bool hugePages)
    {
        _half = checked((int)Math.Max(1, bytes / FrameArena.FrameBytes / 2));
        _arena = new FrameArena(2 * _half, hugePages: hugePages);
        for (int frame = 0; frame < 2 * _half; frame++)
        {
            if (_arena.TryTake(out FrameNumber number))
            {
                _arena[number].Fill(1);
            }
        }
    }

    /// <summary>Copies at most 4,096 bytes to a random frame.</summary>
    public void CopyIn(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Pick(_half));

    /// <summary>Copies at most 4,096 bytes from a random frame.</summary>
    public void CopyOut(Span<byte> bytes) => Pick(0)[..bytes.Length].CopyTo(bytes);

    /// <inheritdoc/>
    public void Dispose() => _arena.Dispose();

    private Span<byte> Pick(int first) => _arena[new FrameNumber((uint)(first + Random.Shared.Next(_half)))];
}
