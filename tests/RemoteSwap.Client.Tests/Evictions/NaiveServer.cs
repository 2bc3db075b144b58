namespace RemoteSwap.Client.Tests.Evictions;

/// <summary>What a page server knows of a few slots, without frames, streams or epochs.</summary>
internal sealed class NaiveServer(int slots)
{
    // The generation of what is there, and of the newest thing seen; a page that was handed out is only known.
    private readonly ulong[] _pages = new ulong[slots];
    private readonly ulong[] _seen = new ulong[slots];
    private readonly bool[] _isEvicted = new bool[slots];
    private readonly bool[] _isTouched = new bool[slots];

    /// <summary>Whether it has lost its memory since the session began.</summary>
    public bool HasLostPages { get; private set; }

    public StoreOutcome Store(int slot, ulong generation, bool isRefused)
    {
        if (generation <= _seen[slot])
        {
            return StoreOutcome.Stale;
        }

        Set(slot, generation, isRefused ? 0 : generation);
        return isRefused ? StoreOutcome.TenantLimit : StoreOutcome.Stored;
    }

    public InvalidateOutcome Invalidate(int slot, ulong generation)
    {
        if (generation <= _seen[slot])
        {
            return InvalidateOutcome.Stale;
        }

        bool wasThere = _pages[slot] != 0;
        Set(slot, generation, page: 0);
        return wasThere ? InvalidateOutcome.Invalidated : InvalidateOutcome.NotFound;
    }

    /// <summary>The page of a slot; 0: none.</summary>
    public ulong PageOf(int slot, out bool isEvicted)
    {
        isEvicted = _isEvicted[slot];
        return _pages[slot];
    }

    /// <summary>What a load of an empty slot answers.</summary>
    public LoadOutcome Missing(int slot) =>
        HasLostPages && !_isTouched[slot] ? LoadOutcome.Lost : LoadOutcome.NotFound;

    /// <summary>The owner has taken a page.</summary>
    public void Forget(int slot, ulong generation) => _isEvicted[slot] |= _pages[slot] == generation;

    /// <summary>It is killed and started again.</summary>
    public void LoseMemory()
    {
        Array.Clear(_pages);
        Array.Clear(_seen);
        Array.Clear(_isEvicted);
        Array.Clear(_isTouched);
        HasLostPages = true;
    }

    private void Set(int slot, ulong generation, ulong page)
    {
        _seen[slot] = generation;
        _pages[slot] = page;
        _isEvicted[slot] = false;
        _isTouched[slot] = true;
    }
}
