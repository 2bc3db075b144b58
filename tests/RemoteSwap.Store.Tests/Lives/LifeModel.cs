using Xunit;

namespace RemoteSwap.Store.Tests.Lives;

/// <summary>
/// What two areas of a tenant hold, in the plainest way, whatever has become of frames, files and owners: of each slot
/// the page that was acknowledged last, whether only its owner has it, and which slots were lost with a server.
/// </summary>
internal sealed class LifeModel
{
    private readonly Dictionary<(uint Area, ulong Slot), Page> _pages = [];
    private readonly Dictionary<(uint Area, ulong Slot), ulong> _seen = [];
    private readonly HashSet<(uint Area, ulong Slot)> _lost = [];
    private readonly bool[] _hasLost = new bool[2];

    public IEnumerable<(uint Area, ulong Slot)> Stored => _pages.Keys;

    /// <summary>Pages that were lost with a server, over all lives.</summary>
    public int LostPages { get; private set; }

    public Page? Find((uint Area, ulong Slot) key) => _pages.GetValueOrDefault(key);

    /// <summary>The newest generation that a slot has to know; 0: none.</summary>
    public ulong Seen((uint Area, ulong Slot) key) => _seen.GetValueOrDefault(key);

    public void Put((uint Area, ulong Slot) key, ulong generation, byte[] zpage)
    {
        _pages[key] = new Page(generation, zpage, IsEvicted: false);
        _seen[key] = generation;
        _lost.Remove(key);
    }

    public void Remove((uint Area, ulong Slot) key, ulong generation)
    {
        _pages.Remove(key);
        _seen[key] = generation;
        _lost.Remove(key);
    }

    /// <summary>The owner has said that it has a page.</summary>
    public void Evict((uint Area, ulong Slot) key, ulong generation)
    {
        if (Find(key) is { } page && page.Generation == generation)
        {
            _pages[key] = page with { IsEvicted = true };
        }
    }

    /// <summary>The server was killed: what it held in memory only is lost.</summary>
    public void Kill(HashSet<(uint Area, ulong Slot)> spilled)
    {
        foreach ((uint Area, ulong Slot) key in Stored.Where(key => !spilled.Contains(key)).ToArray())
        {
            _pages.Remove(key);
            LostPages++;
            if (key.Area == LifeRun.Owned)
            {
                _lost.Add(key);
            }
        }

        _seen.Clear();
        foreach ((uint Area, ulong Slot) key in Stored)
        {
            _seen[key] = _pages[key].Generation;
        }

        Array.Fill(_hasLost, true);
    }

    /// <summary>Judges what a load answered.</summary>
    public void Check((uint Area, ulong Slot) key, LoadOutcome outcome, ulong generation, byte[] zpage)
    {
        if (Find(key) is not { } page)
        {
            bool mayBeNone = !_lost.Contains(key);
            bool mayBeLost = _hasLost[key.Area];
            Assert.True(
                (outcome == LoadOutcome.NotFound && mayBeNone) || (outcome == LoadOutcome.Lost && mayBeLost),
                $"{key}: {outcome} where there is no page, lost: {!mayBeNone}");
            return;
        }

        LoadOutcome expected = page.IsEvicted ? LoadOutcome.Evicted : LoadOutcome.Loaded;
        Assert.Equal((key, expected, page.Generation), (key, outcome, generation));
        Assert.Equal(page.IsEvicted ? [] : page.Zpage, zpage);
    }

    internal sealed record Page(ulong Generation, byte[] Zpage, bool IsEvicted);
}
