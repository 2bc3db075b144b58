namespace RemoteSwap.Nbd.Tests.Support;

/// <summary>
/// A disk in memory, with pages that are there or not. It can be told to hold requests back, to fail, and to throw; it
/// notes what was asked of it.
/// </summary>
internal sealed class MemoryDevice(long sizeBytes) : INbdDevice
{
    public const int PageBytes = 4096;

    [ThreadStatic]
    private static int t_plugs;

    private readonly Lock _lock = new();
    private readonly byte[]?[] _pages = new byte[]?[sizeBytes / PageBytes];
    private readonly List<string> _calls = [];
    private readonly List<string> _steps = [];
    private int _running;

    public long SizeBytes => sizeBytes;

    public bool IsWriteThrough { get; set; }

    /// <summary>Before anything else is done; the command and its first byte.</summary>
    public Func<string, long, ValueTask<NbdResult>>? Before { get; set; }

    /// <summary>The most requests that ran at a time.</summary>
    public int MostRunning { get; private set; }

    /// <summary>A byte that is read wrong.</summary>
    public long? LiesAt { get; set; }

    public int Running => Volatile.Read(ref _running);

    public IReadOnlyList<string> Calls
    {
        get
        {
            lock (_lock)
            {
                return [.. _calls];
            }
        }
    }

    /// <summary>Calls, plugs and unplugs; those that do not belong together are stray.</summary>
    public IReadOnlyList<string> Steps
    {
        get
        {
            lock (_lock)
            {
                return [.. _steps];
            }
        }
    }

    /// <summary>Whether this thread has plugged it.</summary>
    public bool IsPlugged => t_plugs > 0;

    /// <summary>After an unplug.</summary>
    public Action Unplugged { get; set; } = static () => { };

    public ValueTask<NbdResult> ReadAsync(long offset, Memory<byte> buffer, CancellationToken ct) =>
        RunAsync("read", offset, buffer.Length, "", () => Each(offset, buffer.Length, (page, from, at, count) =>
        {
            Span<byte> to = buffer.Span.Slice(at, count);
            if (_pages[page] is { } bytes)
            {
                bytes.AsSpan(from, count).CopyTo(to);
            }
            else
            {
                to.Clear();
            }

            long first = ((long)page * PageBytes) + from;
            if (LiesAt >= first && LiesAt < first + count)
            {
                to[(int)(LiesAt.Value - first)] ^= 1;
            }
        }));

    public ValueTask<NbdResult> WriteAsync(long offset, ReadOnlyMemory<byte> data, CancellationToken ct) =>
        RunAsync("write", offset, data.Length, "", () => Each(offset, data.Length, (page, from, at, count) =>
            data.Span.Slice(at, count).CopyTo((_pages[page] ??= new byte[PageBytes]).AsSpan(from, count))));

    public ValueTask<NbdResult> WriteZeroesAsync(long offset, long length, bool keepAllocated, CancellationToken ct) =>
        RunAsync("zero", offset, length, keepAllocated ? " keep" : "", () =>
            Each(offset, length, (page, from, _, count) =>
            {
                if (count == PageBytes)
                {
                    _pages[page] = keepAllocated ? new byte[PageBytes] : null;
                }
                else
                {
                    _pages[page]?.AsSpan(from, count).Clear();
                }
            }));

    public ValueTask<NbdResult> TrimAsync(long offset, long length, CancellationToken ct) =>
        RunAsync("trim", offset, length, "", () => Each(offset, length, (page, _, _, count) =>
        {
            if (count == PageBytes)
            {
                _pages[page] = null;
            }
        }));

    public ValueTask<NbdResult> FlushAsync(CancellationToken ct) => RunAsync("flush", 0, 0, "", () => { });

    public ValueTask<NbdResult> CacheAsync(long offset, long length, CancellationToken ct) =>
        RunAsync("cache", offset, length, "", () => { });

    public (NbdExtentKind Kind, long Length) ExtentAt(long offset, long length)
    {
        lock (_lock)
        {
            bool isThere = _pages[offset / PageBytes] is not null;
            long end = (offset / PageBytes * PageBytes) + PageBytes;
            while (end < offset + length && _pages[end / PageBytes] is not null == isThere)
            {
                end += PageBytes;
            }

            NbdExtentKind kind = isThere ? NbdExtentKind.Data : NbdExtentKind.Hole | NbdExtentKind.Zero;
            return (kind, Math.Min(end - offset, length));
        }
    }

    public void Plug()
    {
        lock (_lock)
        {
            _steps.Add(t_plugs++ == 0 ? "plug" : "stray plug");
        }
    }

    public void Unplug()
    {
        lock (_lock)
        {
            _steps.Add(--t_plugs == 0 ? "unplug" : "stray unplug");
        }

        Unplugged();
    }

    private static void Each(long offset, long length, Action<int, int, int, int> act)
    {
        long done = 0;
        while (done < length)
        {
            int from = (int)((offset + done) % PageBytes);
            int count = (int)Math.Min(PageBytes - from, length - done);
            act((int)((offset + done) / PageBytes), from, (int)done, count);
            done += count;
        }
    }

    private ValueTask<NbdResult> RunAsync(string name, long offset, long length, string more, Action act)
    {
        lock (_lock)
        {
            _calls.Add(name is "flush" ? name : $"{name} {offset}+{length}{more}");
            _steps.Add(_calls[^1]);
            MostRunning = Math.Max(MostRunning, ++_running);
        }

        return Before is null ? new ValueTask<NbdResult>(Act(act)) : new ValueTask<NbdResult>(SlowlyAsync());

        async Task<NbdResult> SlowlyAsync()
        {
            try
            {
                NbdResult result = await Before(name, offset);
                Act(result.IsSuccess ? act : static () => { });
                return result;
            }
            catch
            {
                Act(static () => { });
                throw;
            }
        }
    }

    private NbdResult Act(Action act)
    {
        lock (_lock)
        {
            act();
            _running--;
        }

        return NbdResult.Success;
    }
}
