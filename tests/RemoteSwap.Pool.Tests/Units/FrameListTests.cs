using CsCheck;
using Xunit;

namespace RemoteSwap.Pool.Tests.Units;

public sealed class FrameListTests
{
    private const int Frames = 24;
    private const int Runs = 500;

    [Fact]
    public void Two_lists_over_the_same_frames_do_not_disturb_each_other()
    {
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, Frames - 1], Gen.Bool).Array[0, 200].Sample(
            steps =>
            {
                using FrameArena arena = new(Frames);
                FrameList<LruLinks> lru = new(arena);
                FrameList<BuddyLinks> buddies = new(arena);
                List<FrameNumber> lruModel = [];
                List<FrameNumber> buddyModel = [];
                foreach ((int what, int which, bool onLru) in steps)
                {
                    FrameNumber frame = new((uint)which);
                    if (onLru)
                    {
                        Step(lru, lruModel, what, frame);
                    }
                    else
                    {
                        Step(buddies, buddyModel, what, frame);
                    }

                    Compare(lru, lruModel);
                    Compare(buddies, buddyModel);
                }
            },
            iter: Runs);
    }

    [Fact]
    public void Removing_a_frame_that_is_on_no_list_breaks_an_invariant()
    {
        using FrameArena arena = new(Frames);
        FrameList<LruLinks> list = new(arena);
        list.AddHead(new FrameNumber(1));
        list.AddHead(new FrameNumber(2));

        Assert.Throws<InvariantViolationException>(() => list.Remove(new FrameNumber(3)));
    }

    private static void Step<TLinks>(FrameList<TLinks> list, List<FrameNumber> model, int what, FrameNumber frame)
        where TLinks : struct, IFrameLinks
    {
        int at = model.IndexOf(frame);
        if (at < 0)
        {
            list.AddHead(frame);
            model.Insert(0, frame);
        }
        else if (what == 0 && Unlisted(model) is { } replacement)
        {
            list.Replace(frame, replacement);
            model[at] = replacement;
        }
        else
        {
            list.Remove(frame);
            model.RemoveAt(at);
        }
    }

    private static FrameNumber? Unlisted(List<FrameNumber> model) =>
        Enumerable.Range(0, Frames)
            .Select(number => (FrameNumber?)new FrameNumber((uint)number))
            .FirstOrDefault(frame => !model.Contains(frame!.Value));

    private static void Compare<TLinks>(FrameList<TLinks> list, List<FrameNumber> model)
        where TLinks : struct, IFrameLinks
    {
        List<FrameNumber> forth = [];
        List<FrameNumber> back = [];
        for (FrameNumber frame = list.Head; frame != FrameNumber.None; frame = list.Next(frame))
        {
            forth.Add(frame);
        }

        for (FrameNumber frame = list.Tail; frame != FrameNumber.None; frame = list.Previous(frame))
        {
            back.Add(frame);
        }

        back.Reverse();
        Assert.Equal(model, forth);
        Assert.Equal(model, back);
        Assert.Equal(model.Count, list.Count);
    }
}
