namespace RemoteSwap.Pool.Tests.Model;

/// <summary>
/// zbud in the plainest words: one list of frames, searched from end to end. It shares no code and no structure with
/// the pool, so that a mistake in one is not also in the other.
/// </summary>
internal sealed class NaiveZbud
{
    private readonly List<ModelFrame> _lru = [];
    private readonly List<ModelFrame> _underReclaim = [];
    private long _clock;

    /// <summary>Frames not under reclaim, the most recent first.</summary>
    public IReadOnlyList<ModelFrame> Lru => _lru;

    /// <summary>All frames.</summary>
    public IEnumerable<ModelFrame> Frames => _lru.Concat(_underReclaim);

    public int FrameCount => _lru.Count + _underReclaim.Count;

    /// <summary>All zpages that occupy a side, freed ones that are still pinned included.</summary>
    public IEnumerable<ModelZpage> Zpages => Frames.SelectMany(frame => Sides(frame));

    /// <summary>The frame that a zpage of so many chunks goes into, or null for a new one: I9.</summary>
    public ModelFrame? Fitting(int chunks)
    {
        ModelFrame? best = null;
        foreach (ModelFrame frame in _lru.Where(frame => frame.IsUnbuddied && frame.Free >= chunks))
        {
            if (best is null || frame.Free < best.Free || (frame.Free == best.Free && frame.ListedAt > best.ListedAt))
            {
                best = frame;
            }
        }

        return best;
    }

    public void Place(ModelZpage zpage, ModelFrame frame)
    {
        zpage.Live = true;
        zpage.Frame = frame;
        zpage.Side = frame.First is null ? Buddy.First : Buddy.Last;
        frame.Set(zpage.Side, zpage);
        _lru.Remove(frame);
        ToHead(frame);
    }

    public void Free(ModelZpage zpage)
    {
        zpage.Live = false;
        if (zpage.Pins == 0)
        {
            Empty(zpage);
        }
    }

    public void Unpin(ModelZpage zpage)
    {
        zpage.Pins--;
        if (!zpage.Live && zpage.Pins == 0)
        {
            Empty(zpage);
        }
    }

    /// <summary>Takes the least recent frame for reclaim.</summary>
    public ModelFrame? Begin()
    {
        ModelFrame? frame = _lru.LastOrDefault();
        if (frame is not null)
        {
            _lru.Remove(frame);
            _underReclaim.Add(frame);
            frame.UnderReclaim = true;
        }

        return frame;
    }

    /// <summary>Ends the reclaim of a frame; true if it is empty and gone.</summary>
    public bool End(ModelFrame frame)
    {
        _underReclaim.Remove(frame);
        frame.UnderReclaim = false;
        if (frame.IsEmpty)
        {
            return true;
        }

        ToHead(frame);
        return false;
    }

    /// <summary>Whether two lone zpages would fit into one frame.</summary>
    public bool CanMerge(bool unpinnedOnly)
    {
        ModelFrame[] lone = [.. _lru.Where(frame => frame.IsUnbuddied && !(unpinnedOnly && frame.IsPinned))];
        return lone.Any(one => lone.Any(other => one != other && one.Lone!.Chunks <= other.Free));
    }

    /// <summary>
    /// Moves a lone zpage to the free side of another frame, which takes the more recent place of both; its own goes.
    /// </summary>
    public void Merge(ModelZpage zpage, ModelFrame target)
    {
        int place = Math.Min(_lru.IndexOf(zpage.Frame!), _lru.IndexOf(target));
        _lru.Remove(zpage.Frame!);
        _lru.Remove(target);
        _lru.Insert(place, target);
        zpage.Frame = target;
        zpage.Side = target.First is null ? Buddy.First : Buddy.Last;
        target.Set(zpage.Side, zpage);
        target.ListedAt = ++_clock;
    }

    private static IEnumerable<ModelZpage> Sides(ModelFrame frame)
    {
        if (frame.First is not null)
        {
            yield return frame.First;
        }

        if (frame.Last is not null)
        {
            yield return frame.Last;
        }
    }

    private void Empty(ModelZpage zpage)
    {
        ModelFrame frame = zpage.Frame!;
        frame.Set(zpage.Side, null);
        zpage.Frame = null;
        if (frame.UnderReclaim)
        {
            return;
        }

        if (frame.IsEmpty)
        {
            _lru.Remove(frame);
        }
        else
        {
            frame.ListedAt = ++_clock;
        }
    }

    private void ToHead(ModelFrame frame)
    {
        _lru.Insert(0, frame);
        frame.ListedAt = ++_clock;
    }
}
