using RemoteSwap.Pool;

namespace RemoteSwap.Store.Tests.Rig;

/// <summary>
/// A writeback target in memory that a test can stop in the middle of a write or a read, let fail, or damage. It checks
/// its callers: a place that nobody uses is neither written nor read.
/// </summary>
internal sealed class MemoryTarget(int places = 4096) : IWritebackTarget
{
    private readonly Lock _gate = new();
    private readonly SortedSet<uint> _free = new(Enumerable.Range(0, places).Select(place => (uint)place));
    private readonly Dictionary<uint, int> _users = [];
    private readonly Dictionary<uint, byte[]> _images = [];

    /// <summary>Runs in the middle of each write, after the images left the caller.</summary>
    public Func<Task> DuringWrite { get; set; } = () => Task.CompletedTask;

    /// <summary>Runs in the middle of each read, before the image is copied out.</summary>
    public Func<Task> DuringRead { get; set; } = () => Task.CompletedTask;

    public bool FailWrites { get; set; }

    public bool FailReads { get; set; }

    public int Writes { get; private set; }

    public long UsedBytes
    {
        get
        {
            lock (_gate)
            {
                return (long)_users.Count * FrameArena.FrameBytes;
            }
        }
    }

    public long LimitBytes => (long)places * FrameArena.FrameBytes;

    public bool TryReserve(out SpillPlace place)
    {
        lock (_gate)
        {
            place = new SpillPlace(_free.Min);
            return _free.Remove(place.Value) && _users.TryAdd(place.Value, 1);
        }
    }

    public bool TryReserve(SpillPlace place)
    {
        lock (_gate)
        {
            return _free.Remove(place.Value) && _users.TryAdd(place.Value, 1);
        }
    }

    public void AddUser(SpillPlace place)
    {
        lock (_gate)
        {
            _users[place.Value] = Users(place) + 1;
        }
    }

    public void DropUser(SpillPlace place)
    {
        lock (_gate)
        {
            int users = Users(place) - 1;
            _users[place.Value] = users;
            if (users == 0)
            {
                _users.Remove(place.Value);
                _free.Add(place.Value);
            }
        }
    }

    public async ValueTask WriteAsync(
        ReadOnlyMemory<SpillPlace> target, ReadOnlyMemory<byte> frames, ReadOnlyMemory<byte> headers)
    {
        await DuringWrite();
        if (FailWrites)
        {
            throw new IOException("no space left on device");
        }

        lock (_gate)
        {
            Writes++;
            for (int i = 0; i < target.Length; i++)
            {
                Users(target.Span[i]);
                Leaks.Check(frames.Slice(i * FrameArena.FrameBytes, FrameArena.FrameBytes).Span, "a spilled image");
                _images[target.Span[i].Value] =
                [
                    .. frames.Slice(i * FrameArena.FrameBytes, FrameArena.FrameBytes).Span,
                    .. headers.Slice(i * FrameHeader.Bytes, FrameHeader.Bytes).Span,
                ];
            }
        }
    }

    public async ValueTask ReadAsync(SpillPlace place, Memory<byte> frame, Memory<byte> header)
    {
        await DuringRead();
        if (FailReads)
        {
            throw new IOException("input/output error");
        }

        lock (_gate)
        {
            Users(place);
            byte[] image = _images[place.Value];
            image.AsSpan(0, FrameArena.FrameBytes).CopyTo(frame.Span);
            image.AsSpan(FrameArena.FrameBytes, header.Length).CopyTo(header.Span);
        }
    }

    /// <summary>Flips a bit in every image.</summary>
    public void Damage(int byteOffset)
    {
        lock (_gate)
        {
            foreach (byte[] image in _images.Values)
            {
                image[byteOffset] ^= 0x10;
            }
        }
    }

    public void Dispose()
    {
    }

    private int Users(SpillPlace place) => _users.TryGetValue(place.Value, out int users)
        ? users
        : throw new InvalidOperationException($"place {place.Value} is used by nobody");
}
