using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RemoteSwap.Pool;

/// <summary>
/// Which zpages are pinned, how often, and whether they were freed meanwhile. Only pinned zpages have an entry, so that
/// a pin costs nothing where there is none. Guarded by the pool's lock.
/// </summary>
internal sealed class PinTable
{
    private readonly Dictionary<uint, State> _pins = [];

    /// <summary>Pinned zpages.</summary>
    public int Count => _pins.Count;

    public void Add(TaggedFrame place) => CollectionsMarshal.GetValueRefOrAddDefault(_pins, place.Value, out _).Count++;

    /// <summary>Ends one pin.</summary>
    /// <returns>Whether it was the last one on a zpage that has been freed: its memory is to be released now.</returns>
    public bool Remove(TaggedFrame place)
    {
        ref State state = ref CollectionsMarshal.GetValueRefOrNullRef(_pins, place.Value);
        Invariant.That(!Unsafe.IsNullRef(ref state), "a pin is ended once", place.Value);
        if (--state.Count > 0)
        {
            return false;
        }

        bool freed = state.Freed;
        _pins.Remove(place.Value);
        return freed;
    }

    /// <summary>Notes that a zpage is freed, if it is pinned.</summary>
    /// <returns>Whether it is pinned: its memory is to be kept until the last pin ends.</returns>
    public bool TryDefer(TaggedFrame place)
    {
        // Mostly nothing at all is pinned.
        if (_pins.Count == 0)
        {
            return false;
        }

        ref State state = ref CollectionsMarshal.GetValueRefOrNullRef(_pins, place.Value);
        if (Unsafe.IsNullRef(ref state))
        {
            return false;
        }

        Invariant.That(!state.Freed, "a pinned zpage is freed once", place.Value);
        state.Freed = true;
        return true;
    }

    /// <summary>Pins on one zpage.</summary>
    public int CountOf(TaggedFrame place) => _pins.TryGetValue(place.Value, out State state) ? state.Count : 0;

    /// <summary>Tells whether a zpage was freed and only its memory is kept.</summary>
    public bool IsDeferred(TaggedFrame place) => _pins.TryGetValue(place.Value, out State state) && state.Freed;

    private struct State
    {
        public int Count;
        public bool Freed;
    }
}
