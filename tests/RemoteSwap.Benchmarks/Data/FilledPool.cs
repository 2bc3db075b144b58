using RemoteSwap.Pool;

namespace RemoteSwap.Benchmarks.Data;

/// <summary>A pool with live zpages whose sizes are those of real pages under LZ4, mixed.</summary>
internal sealed class FilledPool : IDisposable
{
    private const int SpareFrames = 8192;
    private readonly int[] _sizes;
    private int _nextSize;

    /// <param name="live">How many zpages, at least 1.</param>
    public FilledPool(int live)
    {
        _sizes = [.. RealPages.Zpages(1, Chunks.MaxZpageBytes).Select(zpage => zpage.Length)];
        new Random(1).Shuffle(_sizes);
        Arena = new FrameArena(live + SpareFrames);
        Pool = new ZbudPool(Arena, Arena, number: 1, owner: 1);
        Migrator = new FrameMigrator(Pool, Arena);
        Handles = new ZbudHandle[live];
        for (int zpage = 0; zpage < live; zpage++)
        {
            Handles[zpage] = Allocate(NextSize());
        }
    }

    public FrameArena Arena { get; }

    public ZbudPool Pool { get; }

    public FrameMigrator Migrator { get; }

    /// <summary>The live zpages.</summary>
    public ZbudHandle[] Handles { get; }

    /// <summary>A size from the mix, in bytes.</summary>
    public int NextSize()
    {
        int size = _sizes[_nextSize];
        _nextSize = _nextSize + 1 == _sizes.Length ? 0 : _nextSize + 1;
        return size;
    }

    /// <summary>Allocates a zpage under the pool's lock.</summary>
    public ZbudHandle Allocate(int sizeBytes)
    {
        lock (Pool.Gate)
        {
            return Pool.TryAllocate(sizeBytes, out ZbudHandle handle) == AllocStatus.Ok
                ? handle
                : throw new InvalidOperationException($"no room for a zpage of {sizeBytes} bytes");
        }
    }

    /// <summary>Frees a zpage under the pool's lock.</summary>
    public void Free(ZbudHandle handle)
    {
        lock (Pool.Gate)
        {
            if (!Pool.Free(handle))
            {
                throw new InvalidOperationException($"{handle} is not live");
            }
        }
    }

    public void Dispose() => Arena.Dispose();
}
