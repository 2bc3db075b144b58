using System.Runtime.CompilerServices;
using static RemoteSwap.Pool.Tests.Model.ModelMismatchException;

namespace RemoteSwap.Pool.Tests.Model;

/// <summary>
/// The real pool with what a model run needs of it: writing patterns, and comparing its state with the model.
/// </summary>
internal sealed class PoolUnderTest
{
    private const int MaxStaleChecked = 16;

    private readonly FrameArena _arena;
    private readonly FrameReclaimer _reclaimer;
    private int _lastId;

    public PoolUnderTest(FrameArena arena, IFrameSource frames)
    {
        _arena = arena;
        Pool = new ZbudPool(arena, frames, number: 7, owner: 70);
        Migrator = new FrameMigrator(Pool, frames);
        Merger = new FrameMerger(Pool);
        _reclaimer = new FrameReclaimer(Pool);
    }

    public ZbudPool Pool { get; }

    public FrameMigrator Migrator { get; }

    public FrameMerger Merger { get; }

    /// <summary>Allocates and writes bytes and owner record.</summary>
    public Allocation Allocate(int size, bool headless)
    {
        ModelZpage zpage = new(++_lastId, size, headless);
        AllocStatus status = headless
            ? Pool.TryAllocateHeadless(out ZbudHandle handle)
            : Pool.TryAllocate(size, out handle);
        zpage.Handle = handle;
        if (status != AllocStatus.Ok)
        {
            Require(handle.IsNone, $"{status} came with a handle");
            return new Allocation(zpage, status, FrameNumber.None, Buddy.First);
        }

        Noise.Of(zpage.Id, size).CopyTo(Pool.Map(handle));
        Noise.RecordOf(zpage.Id).CopyTo(Pool.OwnerRecord(handle));
        TaggedFrame place = Pool.Handles.Resolve(handle);
        return new Allocation(zpage, status, place.Frame, place.Buddy);
    }

    /// <summary>Moves a frame to the lowest free place, if that is lower, as compaction does.</summary>
    public static MoveStatus MigrateDown(FrameMigrator migrator, IFrameSource frames, FrameNumber frame)
    {
        if (!frames.TryTake(out FrameNumber target))
        {
            return MoveStatus.NoPlace;
        }

        MoveStatus status = target.Value < frame.Value ? migrator.TryMigrateTo(frame, target) : MoveStatus.NoPlace;
        frames.Return(status == MoveStatus.Moved ? frame : target);
        return status;
    }

    public ReclaimStatus Reclaim(int retries, IEvictor evictor) => _reclaimer.Reclaim(retries, evictor);

    /// <summary>Compares everything that can be seen.</summary>
    public void Compare(
        NaiveZbud model, IReadOnlyList<(FramePin Pin, ModelZpage Zpage)> pins, List<ZbudHandle> stale)
    {
        List<string> violations = [];
        RequireEqual(model.FrameCount, PoolAudit.Run(Pool, violations), "frames audited");
        Require(violations.Count == 0, string.Join("; ", violations));
        CompareCounts(model);
        CompareLists(model);
        foreach (ModelZpage zpage in model.Zpages.Where(zpage => zpage.Live))
        {
            CompareZpage(zpage);
        }

        foreach ((FramePin pin, ModelZpage zpage) in pins)
        {
            RequireEqual(zpage.Frame!.Number, pin.Frame, $"frame of pinned {zpage}");
            CompareBytes(zpage, Pool.Map(pin));
        }

        foreach (ZbudHandle handle in stale.TakeLast(MaxStaleChecked))
        {
            Require(!Pool.IsLive(handle), $"{handle} was freed and is live");
        }
    }

    private void CompareCounts(NaiveZbud model)
    {
        PoolStatistics statistics = Pool.Statistics;
        int headless = model.Frames.Count(frame => frame.Headless);
        int unbuddied = model.Frames.Count(frame => frame.IsUnbuddied);
        int live = model.Zpages.Count(zpage => zpage.Live);
        PoolStatistics expected = new(
            model.FrameCount,
            model.FrameCount - headless - unbuddied,
            unbuddied,
            headless,
            UnderReclaim: 0,
            live,
            model.Zpages.Count(zpage => zpage.Pins > 0),
            model.Zpages.Any() ? 1 : 0,
            headless > 0 ? 1 : 0);
        RequireEqual(expected, statistics, "statistics");
        Require(model.FrameCount <= model.Zpages.Count(), "I7 more frames than zpages");
    }

    private void CompareLists(NaiveZbud model)
    {
        CompareOrder("I10 the LRU list", model.Lru, Pool.Frames.Lists.Lru);
        List<ModelFrame> headless = [];
        List<ModelFrame> buddied = [];
        List<ModelFrame>?[] unbuddied = new List<ModelFrame>?[Pool.Frames.Lists.Unbuddied.Length];
        foreach (ModelFrame frame in model.Lru.OrderByDescending(frame => frame.ListedAt))
        {
            List<ModelFrame> full = frame.Headless ? headless : buddied;
            (frame.IsUnbuddied ? unbuddied[frame.Free] ??= [] : full).Add(frame);
        }

        CompareOrder("the headless list", headless, Pool.Frames.Lists.Headless);
        CompareOrder("the buddied list", buddied, Pool.Frames.Lists.Buddied);
        for (int free = 0; free < unbuddied.Length; free++)
        {
            CompareOrder("an unbuddied list", unbuddied[free] ?? [], Pool.Frames.Lists.Unbuddied[free]);
        }
    }

    private static void CompareOrder<TLinks>(string name, IReadOnlyList<ModelFrame> expected, FrameList<TLinks> list)
        where TLinks : struct, IFrameLinks
    {
        FrameNumber frame = list.Head;
        foreach (ModelFrame next in expected)
        {
            RequireEqual(next.Number, frame, $"order of {name}");
            frame = list.Next(frame);
        }

        RequireEqual(FrameNumber.None, frame, $"end of {name}");
    }

    private void CompareZpage(ModelZpage zpage)
    {
        Require(Pool.IsLive(zpage.Handle), $"{zpage} is not live");
        RequireEqual(zpage.Headless, Pool.IsHeadless(zpage.Handle), $"headlessness of {zpage}");
        TaggedFrame place = Pool.Handles.Resolve(zpage.Handle);
        RequireEqual((zpage.Frame!.Number, zpage.Side), (place.Frame, place.Buddy), $"I8 place of {zpage}");
        Span<byte> bytes = Pool.Map(zpage.Handle);
        RequireEqual(zpage.Chunks * 64, bytes.Length, $"bytes of {zpage}");
        RequireEqual(zpage.Offset, Unsafe.ByteOffset(ref _arena[place.Frame][0], ref bytes[0]), $"offset of {zpage}");
        CompareBytes(zpage, bytes);
        Require(
            Pool.OwnerRecord(zpage.Handle).SequenceEqual(Noise.RecordOf(zpage.Id)),
            $"the owner record of {zpage} changed");
    }

    private static void CompareBytes(ModelZpage zpage, ReadOnlySpan<byte> bytes) =>
        Require(
            bytes[..zpage.SizeBytes].SequenceEqual(Noise.Of(zpage.Id, zpage.SizeBytes)),
            $"I12 {zpage} does not read back as it was written");
}
