using System.Collections.Concurrent;
using RemoteSwap.Client;
using RemoteSwap.Codec;

namespace RemoteSwap.Device.Tests;

/// <summary>An area in memory that counts calls and, where a test says so, loses, refuses, fails or waits.</summary>
internal sealed class MemoryArea : IPageArea
{
    public ConcurrentDictionary<ulong, byte[]> Pages { get; } = new();

    public int Loads { get; private set; }

    public int Stores { get; private set; }

    public int Invalidations { get; private set; }

    /// <summary>What a store of a slot comes to; stored if left alone.</summary>
    public Func<ulong, StoreOutcome> Refusing { get; set; } = _ => StoreOutcome.Stored;

    /// <summary>Whether a slot's page went with the server's memory.</summary>
    public Func<ulong, bool> Losing { get; set; } = _ => false;

    /// <summary>Whether somebody else owns the area.</summary>
    public bool IsFenced { get; set; }

    /// <summary>Runs before every call; may throw or wait.</summary>
    public Func<Task> Before { get; set; } = () => Task.CompletedTask;

    /// <summary>Runs after every call has had its effect; may throw.</summary>
    public Action After { get; set; } = () => { };

    /// <summary>Plugs that have not ended.</summary>
    public int Plugs { get; private set; }

    /// <summary>After a plug has ended.</summary>
    public Action Unplugged { get; set; } = () => { };

    public async ValueTask<StoreOutcome> StoreAsync(ulong slot, ReadOnlyMemory<byte> page)
    {
        Stores++;
        await Before();
        StoreOutcome outcome = StoreOne(slot, page);
        After();
        return outcome;
    }

    public async ValueTask<StoreOutcome[]> StoreAsync(ReadOnlyMemory<ulong> slots, ReadOnlyMemory<byte> pages)
    {
        Stores++;
        await Before();
        StoreOutcome[] outcomes =
        [
            .. slots.ToArray().Select((slot, i) => StoreOne(slot, pages.Slice(i * PageSize.Bytes, PageSize.Bytes))),
        ];
        After();
        return outcomes;
    }

    public async ValueTask<LoadOutcome> LoadAsync(ulong slot, Memory<byte> page)
    {
        Loads++;
        await Before();
        return LoadOne(slot, page);
    }

    public async ValueTask<LoadOutcome[]> LoadAsync(ReadOnlyMemory<ulong> slots, Memory<byte> pages)
    {
        Loads++;
        await Before();
        return
        [
            .. slots.ToArray().Select((slot, i) => LoadOne(slot, pages.Slice(i * PageSize.Bytes, PageSize.Bytes))),
        ];
    }

    public async ValueTask<ulong> InvalidateRangeAsync(ulong first, ulong count)
    {
        Invalidations++;
        await Before();
        if (IsFenced)
        {
            throw new RemoteSwapException(RemoteSwapError.Fenced, "somebody else owns the area");
        }

        ulong[] gone = [.. Pages.Keys.Where(slot => slot >= first && slot < first + count)];
        Array.ForEach(gone, slot => Pages.TryRemove(slot, out _));
        After();
        return (ulong)gone.Length;
    }

    public void Plug() => Plugs++;

    public void Unplug()
    {
        Plugs--;
        Unplugged();
    }

    private StoreOutcome StoreOne(ulong slot, ReadOnlyMemory<byte> page)
    {
        StoreOutcome outcome = IsFenced ? StoreOutcome.Fenced : Refusing(slot);
        if (outcome is StoreOutcome.Stored)
        {
            Pages[slot] = page.ToArray();
        }
        else if (outcome is not (StoreOutcome.Stale or StoreOutcome.Fenced))
        {
            Pages.TryRemove(slot, out _);
        }

        return outcome;
    }

    private LoadOutcome LoadOne(ulong slot, Memory<byte> page)
    {
        if (IsFenced || Losing(slot))
        {
            page.Span.Clear();
            return IsFenced ? LoadOutcome.Fenced : LoadOutcome.Lost;
        }

        if (!Pages.TryGetValue(slot, out byte[]? kept))
        {
            page.Span.Clear();
            return LoadOutcome.NotFound;
        }

        kept.CopyTo(page);
        return LoadOutcome.Loaded;
    }
}
