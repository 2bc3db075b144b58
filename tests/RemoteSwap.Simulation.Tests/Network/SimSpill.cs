using RemoteSwap.Pool;
using RemoteSwap.Simulation.World;
using RemoteSwap.Store;

namespace RemoteSwap.Simulation.Network;

/// <summary>A writeback target that is slow, and fails while the world has faults.</summary>
internal sealed class SimSpill(SimWorld world) : IWritebackTarget
{
    private const int Places = 512;

    private readonly SortedSet<uint> _free = new(Enumerable.Range(0, Places).Select(place => (uint)place));
    private readonly Dictionary<uint, int> _users = [];
    private readonly Dictionary<uint, byte[]> _images = [];

    /// <inheritdoc/>
    public long UsedBytes => (long)_users.Count * FrameArena.FrameBytes;

    /// <inheritdoc/>
    public long LimitBytes => (long)Places * FrameArena.FrameBytes;

    /// <inheritdoc/>
    public bool TryReserve(out SpillPlace place)
    {
        place = new SpillPlace(_free.Min);
        return _free.Count > 0 && _free.Remove(place.Value) && _users.TryAdd(place.Value, 1);
    }

    /// <inheritdoc/>
    public bool TryReserve(SpillPlace place) => _free.Remove(place.Value) && _users.TryAdd(place.Value, 1);

    /// <inheritdoc/>
    public void AddUser(SpillPlace place) => _users[place.Value]++;

    /// <inheritdoc/>
    public void DropUser(SpillPlace place)
    {
        if (--_users[place.Value] == 0)
        {
            _users.Remove(place.Value);
            _free.Add(place.Value);
        }
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(
        ReadOnlyMemory<SpillPlace> places, ReadOnlyMemory<byte> frames, ReadOnlyMemory<byte> headers)
    {
        await SimTasks.Delay(world.Scheduler.Between(0.1, 50));
        FailSometimes("no space left on device");
        for (int i = 0; i < places.Length; i++)
        {
            _images[places.Span[i].Value] =
            [
                .. frames.Slice(i * FrameArena.FrameBytes, FrameArena.FrameBytes).Span,
                .. headers.Slice(i * FrameHeader.Bytes, FrameHeader.Bytes).Span,
            ];
        }
    }

    /// <inheritdoc/>
    public async ValueTask ReadAsync(SpillPlace place, Memory<byte> frame, Memory<byte> header)
    {
        await SimTasks.Delay(world.Scheduler.Between(0.1, 50));
        FailSometimes("input/output error");
        byte[] image = _images[place.Value];
        if (world.Plan.FlipsBits && world.FaultsAreOn && world.Scheduler.Chance(0.05))
        {
            image = world.Flip(image, first: 0, image.Length);
        }

        image.AsSpan(0, FrameArena.FrameBytes).CopyTo(frame.Span);
        image.AsSpan(FrameArena.FrameBytes, header.Length).CopyTo(header.Span);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private void FailSometimes(string words)
    {
        if (world.Plan.SpillFails && world.FaultsAreOn && world.Scheduler.Chance(0.1))
        {
            throw new IOException(words);
        }
    }
}
