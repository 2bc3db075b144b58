using System.Runtime.CompilerServices;
using System.Text;

namespace RemoteSwap.Pool.Tests.Golden;

/// <summary>
/// One pool that a trace is replayed on: carries out a line's operation and writes the line that this pool would have.
/// Traces come from a kernel, which numbers frames by creation and has no handle table; both are put right here.
/// </summary>
internal sealed class ReplayedPool : IEvictor, IDisposable
{
    private const int MaxFrames = 1 << 16;
    private const int Invalid = -22;
    private const int NoSpace = -28;
    private const int NoMemory = -12;
    private const int TryAgain = -11;

    private readonly FrameArena _arena = new(MaxFrames, poison: true);
    private readonly SwitchedFrames _frames;
    private readonly ZbudPool _pool;
    private readonly FrameReclaimer _reclaimer;
    private readonly Dictionary<int, ZbudHandle> _handles = [];
    private readonly Dictionary<ZbudHandle, int> _ids = [];
    private readonly Dictionary<int, int> _sizes = [];
    private readonly Dictionary<FrameNumber, int> _creation = [];
    private readonly StringBuilder _evictions = new();
    private int _created;
    private int _policy;

    public ReplayedPool()
    {
        _frames = new SwitchedFrames(_arena);
        _pool = new ZbudPool(_arena, _frames, number: 1, owner: 1);
        _reclaimer = new FrameReclaimer(_pool);
    }

    public ZbudPool Pool => _pool;

    /// <summary>Carries an operation out.</summary>
    /// <returns>The line as this pool would have written it, or null if no such operation is known.</returns>
    public string? Apply(string[] words)
    {
        int[] numbers = [.. words.Skip(1).TakeWhile(word => int.TryParse(word, out _)).Select(int.Parse)];
        return (words[0], numbers.Length) switch
        {
            ("a", 2) => Allocate(numbers[0], numbers[1]),
            ("f", 1) => Free(numbers[0]),
            ("r", 1) => Reclaim(numbers[0]),
            ("m", 1) => SetPolicy(numbers[0]),
            ("x", 1) => SetRefusal(numbers[0]),
            _ => null,
        };
    }

    public bool TryEvict(ZbudHandle handle)
    {
        int id = _ids[handle];
        bool evicts = _policy == 0 || (_policy == 2 && id % 2 == 0);
        if (evicts)
        {
            CheckBytes(id);
            lock (_pool.Gate)
            {
                evicts = _pool.Free(handle);
            }
        }

        _evictions.Append($" ev({id})={(evicts ? 0 : TryAgain)}");
        return evicts;
    }

    public void Dispose() => _arena.Dispose();

    private string Allocate(int id, int size)
    {
        lock (_pool.Gate)
        {
            _frames.Taken.Clear();
            AllocStatus status = _pool.TryAllocate(size, out ZbudHandle handle);
            if (status == AllocStatus.NoHandle)
            {
                // A kernel has no handle table; so its frame is not one that a trace counts or refuses.
                _frames.Grants = 1;
                status = _pool.TryAllocate(size, out handle);
                _frames.Grants = 0;
            }

            int code = status switch
            {
                AllocStatus.Ok => 0,
                AllocStatus.Invalid => Invalid,
                AllocStatus.NoSpace => NoSpace,
                _ => NoMemory,
            };
            return code == 0
                ? $"a {id} {size} rc=0 {Place(id, size, handle)} pages={_pool.FrameCount}"
                : $"a {id} {size} rc={code} pages={_pool.FrameCount}";
        }
    }

    private string Place(int id, int size, ZbudHandle handle)
    {
        _handles[id] = handle;
        _ids[handle] = id;
        _sizes[id] = size;
        FrameNumber frame = _pool.Handles.Resolve(handle).Frame;
        if (_frames.Taken.Contains(frame))
        {
            _creation[frame] = _created++;
        }

        Span<byte> bytes = _pool.Map(handle);
        long offset = Unsafe.ByteOffset(ref _arena[frame][0], ref bytes[0]);
        Noise.Of(id, Math.Min(size, bytes.Length)).CopyTo(bytes);
        return $"frame={_creation[frame]} off={offset}";
    }

    private string Free(int id)
    {
        // An id that is freed already still has its handle: the pool itself has to know that it is stale.
        lock (_pool.Gate)
        {
            bool freed = _handles.TryGetValue(id, out ZbudHandle handle) && FreeLive(id, handle);
            return $"f {id} {(freed ? string.Empty : "none ")}pages={_pool.FrameCount}";
        }
    }

    private bool FreeLive(int id, ZbudHandle handle)
    {
        if (_pool.IsLive(handle))
        {
            CheckBytes(id);
        }

        return _pool.Free(handle);
    }

    private string Reclaim(int retries)
    {
        _evictions.Clear();
        int code = _reclaimer.Reclaim(retries, this) switch
        {
            ReclaimStatus.Freed => 0,
            ReclaimStatus.Invalid => Invalid,
            _ => TryAgain,
        };
        lock (_pool.Gate)
        {
            return $"r {retries}{_evictions} rc={code} pages={_pool.FrameCount}";
        }
    }

    private string SetPolicy(int policy)
    {
        _policy = policy;
        return $"m {policy}";
    }

    private string SetRefusal(int value)
    {
        _frames.Refuse = value == 0;
        return $"x {value}";
    }

    private void CheckBytes(int id)
    {
        lock (_pool.Gate)
        {
            Span<byte> bytes = _pool.Map(_handles[id]);
            int size = Math.Min(_sizes[id], bytes.Length);
            if (!bytes[..size].SequenceEqual(Noise.Of(id, size)))
            {
                throw new InvalidOperationException($"zpage {id} does not read back as it was written");
            }
        }
    }
}
