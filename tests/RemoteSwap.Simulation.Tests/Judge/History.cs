using RemoteSwap.Client;
using RemoteSwap.Simulation.World;

namespace RemoteSwap.Simulation.Judge;

/// <summary>All that clients did to the area and were told, and whether they were told the truth: C1, C3 and
/// C4.</summary>
internal sealed class History(SimWorld world)
{
    private readonly Dictionary<ulong, SlotHistory> _slots = [];
    private readonly List<Tenure> _tenures = [];
    private readonly List<PageContent> _pages = [new PageContent(0, 0, PageLook.Text)];
    private long _order;

    /// <summary>Loads that were judged, and those that found a page.</summary>
    public (long All, long Found) Readings { get; private set; }

    /// <summary>An attach begins.</summary>
    public Tenure BeginTenure()
    {
        Tenure tenure = new() { Number = _tenures.Count, AttachBegun = world.Scheduler.Now };
        _tenures.Add(tenure);
        return tenure;
    }

    /// <summary>Makes a page for a slot that no other page equals.</summary>
    public PageContent NewPage(ulong slot, PageLook look)
    {
        PageContent page = new(_pages.Count, slot, look);
        _pages.Add(page);
        return page;
    }

    /// <summary>A change begins.</summary>
    public Change Begin(ulong slot, Tenure tenure, int page, bool isSingle = false, bool takesOver = false)
    {
        Change change = new()
        {
            Order = 2 * ++_order,
            Slot = slot,
            Session = tenure.Number,
            Page = page,
            IsSingle = isSingle,
            TakesOver = takesOver,
            Begun = world.Scheduler.Now,
        };
        Of(slot).Add(change);
        return change;
    }

    /// <summary>A change has ended.</summary>
    public void End(Change change, ChangeState state)
    {
        change.State = state;
        change.Ended = world.Scheduler.Now;
        world.Scheduler.Note(((long)state << 32) + change.Order);
        if (state is ChangeState.Stored or ChangeState.Emptied && IsFencedAt(change.Session, change.Begun))
        {
            throw new SimViolationException($"slot {change.Slot}: {change} had an effect after a newer attach");
        }

        Of(change.Slot).Settle(change);
    }

    /// <summary>A change turned out to be none.</summary>
    public void Withdraw(Change change) => Of(change.Slot).Remove(change);

    /// <summary>The page of a store was taken over by who loaded it: the slot is empty right after that
    /// store.</summary>
    public void TakenOver(Reading reading, int page)
    {
        Change store = Of(reading.Slot).Changes.First(change => change.Page == page);
        Of(reading.Slot).Add(new Change
        {
            Order = store.Order + 1,
            Slot = reading.Slot,
            Session = reading.Session,
            Page = 0,
            Begun = reading.Begun,
            Ended = world.Scheduler.Now,
            State = ChangeState.Emptied,
            TakesOver = true,
        });
    }

    /// <summary>A load begins.</summary>
    public Reading BeginReading(ulong slot, Tenure tenure, bool isSingle) => new()
    {
        Slot = slot,
        Session = tenure.Number,
        Begun = world.Scheduler.Now,
        Order = (2 * _order) + 1,
        IsSingle = isSingle,
    };

    /// <summary>A load has ended: judges it.</summary>
    /// <returns>The number of the page that was found; 0: none.</returns>
    public int End(Reading reading, LoadOutcome outcome, ReadOnlySpan<byte> bytes)
    {
        reading.Outcome = outcome;
        reading.Ended = world.Scheduler.Now;
        world.Scheduler.Note(((long)outcome << 32) + (long)reading.Slot);
        if (outcome != LoadOutcome.Fenced && IsFencedAt(reading.Session, reading.Begun))
        {
            throw new SimViolationException($"slot {reading.Slot}: {reading} after a newer attach");
        }

        switch (outcome)
        {
            case LoadOutcome.Loaded:
                int page = Identify(reading, bytes);
                Of(reading.Slot).JudgePage(reading, page, change => IsForeign(change, reading));
                Readings = (Readings.All + 1, Readings.Found + 1);
                return page;
            case LoadOutcome.NotFound or LoadOutcome.Lost:
                RequireZeroes(reading, bytes);
                Of(reading.Slot).JudgeNoPage(reading);
                Readings = (Readings.All + 1, Readings.Found);
                return 0;
            case LoadOutcome.Fenced:
                Require(MayBeFenced(reading), reading, "nobody else has attached");
                return 0;
            case LoadOutcome.Corrupt:
                Require(world.Plan.FlipsBits, reading, "no bit was changed");
                return 0;
            case LoadOutcome.IoError:
                Require(world.Plan.SpillFails, reading, "no disk failed");
                return 0;
            default:
                throw new SimViolationException($"slot {reading.Slot}: {reading} must not be");
        }
    }

    // Whether a newer attach had returned by a time. A server that lost its memory has forgotten who came last, until
    // that one comes back: then it is the pages of the other that are gone.
    private bool IsFencedAt(int session, long time) => _tenures.Exists(tenure =>
        tenure.Epoch > _tenures[session].Epoch
        && tenure.Attached < time
        && !world.MemoryLosses.Exists(lost => lost >= tenure.Attached && lost <= time));

    private bool IsForeign(Change change, Reading reading)
    {
        Tenure reader = _tenures[reading.Session];
        return reader.Epoch > _tenures[change.Session].Epoch && change.Begun > reader.Attached;
    }

    private bool MayBeFenced(Reading reading) =>
        _tenures[reading.Session].MayBeAbandoned
        || _tenures.Exists(tenure => tenure.Number != reading.Session && tenure.AttachBegun < reading.Ended);

    private int Identify(Reading reading, ReadOnlySpan<byte> bytes)
    {
        int number = PageContent.NumberOf(bytes);
        Require(
            number > 0 && number < _pages.Count && _pages[number].Slot == reading.Slot
                && bytes.SequenceEqual(_pages[number].Bytes()),
            reading,
            $"its bytes are no page that was ever stored in this slot (number {number})");
        return number;
    }

    private static void RequireZeroes(Reading reading, ReadOnlySpan<byte> bytes) =>
        Require(!bytes.ContainsAnyExcept((byte)0), reading, "bytes were handed out");

    private static void Require(bool holds, Reading reading, string words)
    {
        if (!holds)
        {
            throw new SimViolationException($"slot {reading.Slot}: {reading}: {words}");
        }
    }

    private SlotHistory Of(ulong slot)
    {
        if (!_slots.TryGetValue(slot, out SlotHistory? history))
        {
            _slots[slot] = history = new SlotHistory(world, slot);
        }

        return history;
    }
}
