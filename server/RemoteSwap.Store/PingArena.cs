using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// Memory that pings copy to and from: frames like those of the store, all of them there, used by nobody. With it a
/// measurement can tell what the store costs beyond what any copy into, or out of, cold memory costs.
/// <para>Thread-safe; copies may overlap, because the bytes mean nothing.</para>
/// </summary>
public sealed class PingArena : IDisposable
{
    private readonly FrameArena _arena;
    private readonly int _frames;

    /// <summary>Takes the memory and touches all of it.</summary>
    /// <param name="bytes">How much; at least one frame.</param>
    /// <param name="hugePages">As <see cref="StoreOptions.HugePages"/>, or the copies compare with something
    /// else.</param>
    public PingArena(long bytes, bool hugePages)
    {
        _frames = checked((int)Math.Max(1, bytes / FrameArena.FrameBytes));
        _arena = new FrameArena(_frames, hugePages: hugePages);
        for (int frame = 0; frame < _frames; frame++)
        {
            if (_arena.TryTake(out FrameNumber number))
            {
                _arena[number].Fill(1);
            }
        }
    }

    /// <summary>Copies at most 4,096 bytes to a random frame.</summary>
    public void CopyIn(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Pick());

    /// <summary>Copies at most 4,096 bytes from a random frame.</summary>
    public void CopyOut(Span<byte> bytes) => Pick()[..bytes.Length].CopyTo(bytes);

    /// <inheritdoc/>
    public void Dispose() => _arena.Dispose();

    private Span<byte> Pick() => _arena[new FrameNumber((uint)Random.Shared.Next(_frames))];
}
