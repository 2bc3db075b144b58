using RemoteSwap.Client.Evictions;
using RemoteSwap.Client.Records;
using RemoteSwap.Codec;

namespace RemoteSwap.Client.Tests.Evictions;

/// <summary>
/// A seed's history of a client with an eviction file and a server: stores, invalidations and ranges whose answers come
/// late or never, pages that are handed out and arrive late, crashes of either. Each load must give what the last
/// answered operation left, or one that has had no answer; and what the client has taken is never lost.
/// </summary>
internal sealed class LocalPagesRun : IDisposable
{
    private const int Slots = 6;
    private const uint Area = 3;

    private readonly Random _random;
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"remoteswap-evictions-{Guid.NewGuid():N}");
    private readonly NaiveServer _server = new(Slots);
    private readonly List<Action> _replies = [];
    private readonly List<(int Slot, ulong Generation)> _arriving = [];

    // For each slot what a load may find: 0 is nothing, else a generation. The first is the last answered one.
    private readonly List<ulong>[] _legal = [.. Enumerable.Range(0, Slots).Select(_ => new List<ulong> { 0 })];
    private readonly ulong[] _taken = new ulong[Slots];
    private PageRecord _record = new();
    private EvictionFile _file = null!;
    private ulong _generation;
    private byte[] _token = [1];
    private ulong _epoch;

    public LocalPagesRun(int seed)
    {
        _random = new Random(seed);
        Open(isTrusted: false);
    }

    /// <summary>Pages that loads found in the file.</summary>
    public int FoundHere { get; private set; }

    public async Task RunAsync(int operations)
    {
        for (int i = 0; i < operations; i++)
        {
            await StepAsync(_random.Next(Slots));
        }

        _replies.ForEach(static reply => reply());
        for (int slot = 0; slot < Slots; slot++)
        {
            await LoadAsync(slot);
        }
    }

    public void Dispose()
    {
        _file.Dispose();
        File.Delete(_path);
    }

    private async Task StepAsync(int slot)
    {
        switch (_random.Next(100))
        {
            case < 25:
                Store(slot);
                break;
            case < 33:
                Invalidate(slot);
                break;
            case < 36:
                InvalidateRange(slot);
                break;
            case < 55:
                HandOut(slot);
                break;
            case < 70:
                await ArriveAsync();
                break;
            case < 78:
                Reply();
                break;
            case < 93:
                await LoadAsync(slot);
                break;
            case < 94:
                await EmptyAndCrashAsync(slot);
                break;
            case < 97:
                Crash();
                break;
            case < 98 when _random.Next(2) == 0:
                BelongToAnother();
                break;
            case < 98:
                LiveWithoutFile();
                break;
            default:
                _server.LoseMemory();
                _arriving.Clear();
                break;
        }
    }

    private void Store(int slot)
    {
        ulong generation = ++_generation;
        _record.Issue((ulong)slot, generation);
        StoreOutcome outcome = _server.Store(slot, generation, _random.Next(5) == 0);
        ulong left = outcome == StoreOutcome.Stored ? generation : 0;
        PageRecord record = _record;
        Answer([slot], left, () => record.Settle(
            (ulong)slot, generation, PageOf(slot, generation).Checksum, outcome));
    }

    private void Invalidate(int slot)
    {
        ulong generation = ++_generation;
        _record.IssueInvalidation((ulong)slot, generation);
        InvalidateOutcome outcome = _server.Invalidate(slot, generation);
        PageRecord record = _record;
        Answer([slot], 0, () => record.Settle((ulong)slot, generation, outcome));
    }

    private void InvalidateRange(int first)
    {
        ulong generation = ++_generation;
        int[] slots = [.. Enumerable.Range(first, Slots - first)];
        _record.IssueRange((ulong)first, (ulong)slots.Length, generation);
        Array.ForEach(slots, slot => _server.Invalidate(slot, generation));
        PageRecord record = _record;
        Answer(slots, 0, () => record.Settle((ulong)first, (ulong)slots.Length, generation));
    }

    // The answer comes now or later. Until it does, what was there may be found as well as what was asked for.
    private void Answer(int[] slots, ulong left, Action settle)
    {
        Array.ForEach(slots, slot => _legal[slot].Add(left));
        bool isOver = false;
        void Reply()
        {
            if (isOver)
            {
                return;
            }

            isOver = true;
            settle();
            foreach (int slot in slots)
            {
                // Operations are carried out in their order: what was asked for before it is over too.
                int index = _legal[slot].IndexOf(left);
                if (index > 0)
                {
                    _legal[slot].RemoveRange(0, index);
                }
            }
        }

        if (_random.Next(4) > 0)
        {
            _replies.ForEach(static earlier => earlier());
            _replies.Clear();
            Reply();
        }
        else
        {
            _replies.Add(Reply);
        }
    }

    private void Reply()
    {
        _replies.ForEach(static reply => reply());
        _replies.Clear();
    }

    private void HandOut(int slot)
    {
        if (_server.PageOf(slot, out bool isEvicted) is > 0 and ulong generation && !isEvicted)
        {
            _arriving.Add((slot, generation));
        }
    }

    private async Task ArriveAsync()
    {
        if (_arriving.Count == 0)
        {
            return;
        }

        (int slot, ulong generation) = _arriving[0];
        _arriving.RemoveAt(0);
        (byte[] zpage, ImageHeader header) = ImageOf(slot, generation);
        TakeOutcome outcome = await _record.Local!.TakeAsync(header, zpage, CancellationToken.None);
        if (outcome == TakeOutcome.Taken && _random.Next(8) > 0)
        {
            _server.Forget(slot, generation);
            _taken[slot] = _legal[slot] is [ulong only] && only == generation ? generation : 0;
        }
    }

    // What a load has found empty stays so, though nobody was told that it was emptied, and whoever crashes.
    private async Task EmptyAndCrashAsync(int slot)
    {
        ulong generation = ++_generation;
        _record.IssueInvalidation((ulong)slot, generation);
        _server.Invalidate(slot, generation);
        _legal[slot].Add(0);
        await LoadAsync(slot);
        _server.LoseMemory();
        Crash();
        await LoadAsync(slot);
    }

    // Somebody else has the area for a while, and the client comes back with a session of its own.
    private void BelongToAnother()
    {
        for (int slot = 0; slot < Slots; slot++)
        {
            _taken[slot] = 0;
            ulong generation = ++_generation;
            if (_random.Next(2) == 0)
            {
                _server.Store(slot, generation, isRefused: false);
                _legal[slot].Clear();
                _legal[slot].Add(generation);
            }
        }

        if (_random.Next(2) == 0)
        {
            _server.LoseMemory();
        }

        _token = [(byte)(_token[0] + 1)];
        Crash();
    }

    // The client is started again without its file, and does this and that.
    private void LiveWithoutFile()
    {
        Crash();
        _epoch++;
        for (int slot = 0; slot < Slots; slot++)
        {
            _taken[slot] = 0;
            ulong generation = ++_generation;
            bool isStored = _random.Next(2) == 0;
            if (isStored)
            {
                _server.Store(slot, generation, isRefused: false);
            }
            else
            {
                _server.Invalidate(slot, generation);
            }

            _legal[slot].Clear();
            _legal[slot].Add(isStored ? generation : 0);
        }

        if (_random.Next(2) == 0)
        {
            _server.LoseMemory();
        }

        Crash();
    }

    private void Crash()
    {
        // What is under way at the server's side has had its effect already; nobody is told.
        _replies.Clear();
        _arriving.Clear();
        _file.Dispose();
        _record = new PageRecord();
        Open(isTrusted: _server.HasLostPages);
    }

    private void Open(bool isTrusted)
    {
        _file = EvictionFile.Open(new EvictionTarget(_path, 1 << 20), "tenant", Area);
        LocalPages local = new(_file, Area, _record);
        _record.Local = local;
        local.BeginRecovery();
        for (int slot = 0; slot < Slots; slot++)
        {
            if (_server.PageOf(slot, out bool isEvicted) is > 0 and ulong generation)
            {
                uint checksum = PageOf(slot, generation).Checksum;
                _record.Add((ulong)slot, generation, checksum);
                local.Confirm((ulong)slot, generation, checksum, isEvicted);
            }
        }

        local.EndRecovery(isTrusted && _file.IsOfSession(_token, _epoch));
        local.SetSession(_token, ++_epoch);
    }

    private async Task LoadAsync(int slot)
    {
        RecordMark begun = _record.MarkOf((ulong)slot);
        ulong page = _server.PageOf(slot, out bool isEvicted);
        uint checksum = page == 0 ? 0 : PageOf(slot, page).Checksum;
        LoadOutcome said = page == 0 ? _server.Missing(slot) : isEvicted ? LoadOutcome.Lost : LoadOutcome.Loaded;
        LoadOutcome outcome = _record.Judge((ulong)slot, begun, said, page, checksum);
        ulong found = outcome == LoadOutcome.Loaded ? page : 0;
        if (outcome == LoadOutcome.Lost)
        {
            byte[] read = new byte[PageSize.Bytes];
            (outcome, found) = await LocalLoad.ReadAsync(_record.Local!, (ulong)slot, begun, read);
            FoundHere += outcome == LoadOutcome.Loaded ? 1 : 0;
            if (outcome == LoadOutcome.Loaded && !read.AsSpan().SequenceEqual(PageOf(slot, found).Page))
            {
                throw new InvalidOperationException($"slot {slot}: other bytes than generation {found} has");
            }
        }

        Judge(slot, outcome, found);
    }

    private void Judge(int slot, LoadOutcome outcome, ulong found)
    {
        string all = $"slot {slot}: {outcome} {found}, legal are {string.Join(", ", _legal[slot])}";
        switch (outcome)
        {
            case LoadOutcome.Loaded or LoadOutcome.NotFound:
                int index = _legal[slot].LastIndexOf(found);
                if (index < 0)
                {
                    throw new InvalidOperationException(all);
                }

                // What was seen once is not unseen: nothing older may come back.
                _legal[slot].RemoveRange(0, index);
                break;
            case LoadOutcome.Lost when _server.HasLostPages && !IsTaken(slot):
                break;
            case LoadOutcome.None:
                break;
            default:
                throw new InvalidOperationException($"{all}; {_taken[slot]} was taken");
        }
    }

    // Whether all that a load may find is what the client has taken.
    private bool IsTaken(int slot) => _legal[slot] is [ulong only] && only != 0 && only == _taken[slot];

    private static (byte[] Page, uint Checksum) PageOf(int slot, ulong generation)
    {
        byte[] page = new byte[PageSize.Bytes];
        new Random(((int)generation * Slots) + slot).NextBytes(page.AsSpan(0, 200));
        return (page, PageChecksum.OfPage(page, Area, (ulong)slot, generation));
    }

    private static (byte[] Zpage, ImageHeader Header) ImageOf(int slot, ulong generation)
    {
        (byte[] page, uint checksum) = PageOf(slot, generation);
        byte[] room = new byte[PageSize.Bytes];
        int size = PageCodec.Default.Encode(page, room, out ZpageEncoding encoding);
        byte[] zpage = room[..size];
        return (zpage, new ImageHeader(
            Area, (ulong)slot, generation, encoding, size, PageChecksum.OfZpage(zpage), checksum));
    }
}
