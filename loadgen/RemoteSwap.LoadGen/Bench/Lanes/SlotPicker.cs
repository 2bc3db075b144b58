using RemoteSwap.LoadGen.Bench.Cases;

namespace RemoteSwap.LoadGen.Bench.Lanes;

/// <summary>
/// Which slots a caller uses: slots of its own, so that no two calls on the way write to the same one, and which
/// together with those of the other callers are the whole working set. With at least as many areas as callers each
/// caller has areas of its own; else callers share an area and each has every n-th slot of it. Used by one caller.
/// </summary>
internal sealed class SlotPicker
{
    private readonly int _firstPlace;
    private readonly int _placeStep;
    private readonly int _places = 1;
    private readonly int _firstSlot;
    private readonly int _slotStep = 1;
    private readonly int _slots;
    private readonly SeededRandom _random;

    /// <summary>Makes the picker of one caller.</summary>
    /// <param name="job">The working set, and how many callers there are.</param>
    /// <param name="caller">Which caller, from 0.</param>
    /// <param name="random">Picks the slots.</param>
    public SlotPicker(WorkJob job, int caller, SeededRandom random)
    {
        int places = job.Tenants * job.Areas;
        int slots = checked((int)SlotsOfPlace(job));
        _random = random;
        _firstPlace = caller % places;
        if (places >= job.Callers)
        {
            _placeStep = job.Callers;
            _places = ((places - caller - 1) / job.Callers) + 1;
            _slots = slots;
            return;
        }

        // More callers than slots share slots: better than none to ask for.
        _slotStep = ((job.Callers - _firstPlace - 1) / places) + 1;
        _firstSlot = caller / places % slots;
        _slots = Math.Max(1, (slots - _firstSlot + _slotStep - 1) / _slotStep);
    }

    /// <summary>Slots in use of each area, at least 1.</summary>
    public static long SlotsOfPlace(WorkJob job) => Math.Max(1, job.StoredPages / (job.Tenants * job.Areas));

    /// <summary>
    /// Picks an area and as many of its slots as there is room for, at random; all different if the caller has so many.
    /// </summary>
    /// <returns>The area, counted over all tenants.</returns>
    public int Pick(Span<ulong> slots)
    {
        // One of each of as many equal parts: different, and as spread as any.
        int part = Math.Max(1, _slots / slots.Length);
        int rest = Math.Max(0, _slots - (part * slots.Length));
        int shift = _random.Next(rest + 1);
        for (int i = 0; i < slots.Length; i++)
        {
            int own = (shift + (i * part) + _random.Next(part)) % _slots;
            slots[i] = (ulong)(_firstSlot + ((long)own * _slotStep));
        }

        return _firstPlace + (_placeStep * _random.Next(_places));
    }
}
