using RemoteSwap.Pool;
using RemoteSwap.Store.Tests.Rig;
using Xunit;

namespace RemoteSwap.Store.Tests.Hygiene;

/// <summary>
/// Nothing of another tenant leaves memory: not in a reply, an image in the spill file, a drained image, or an
/// eviction. The arena fills freed frames with a pattern, which stands for what a former tenant left there.
/// </summary>
public sealed class LeakTests
{
    private const int Frames = 200;

    // Zpages of every way to lie in a frame: one, two, with and without a tail in the last chunk, headless.
    private static readonly int[] s_sizes = [9, 63, 64, 65, 700, 1984, 1985, 2048, 3967, 3968, 3969, 4000, 4095];

    [Fact]
    public async Task No_spilled_image_has_bytes_of_a_freed_frame()
    {
        using MemoryTarget target = new();
        using StoreRig rig = new(target: target);
        Soil(rig);
        Fill(rig);

        ReclaimResult result = await rig.Store.ReclaimAsync(rig.TenantA, 10 * Frames, 8);

        // The target looks at every image that it is given.
        Assert.True(result.FramesFreed > 0 && target.Writes > 0, result.Detail);
        Check(rig);
        rig.AssertClean(deep: true);
    }

    [Fact]
    public void No_drained_image_has_bytes_of_a_freed_frame()
    {
        using StateRig state = new();
        StoreRig first = state.Start();
        Soil(first);
        Fill(first);

        // The rig looks at the file.
        state.Drain(first);

        using StoreRig second = state.Start();
        Check(second);
    }

    [Fact]
    public async Task No_eviction_has_bytes_of_a_freed_frame()
    {
        using StoreRig rig = new(tenantA: new TenantOptions { Shards = 1 });
        Soil(rig);
        AttachEpoch owner = AreaOwners.Attach(
            rig.TenantA,
            new AreaId(1),
            new AttachTerms { Mode = AttachMode.Exclusive, Token = SessionToken.Create() }).Epoch;
        EvictionOutlet outlet = AreaOwners.OpenOutlet(rig.TenantA, new AreaId(1), owner)!;
        outlet.AddCredit(EvictionOutlet.MaxPages);
        for (int slot = 0; slot < s_sizes.Length; slot++)
        {
            Assert.Equal(StoreOutcome.Stored, StoreRig.PutOne(
                rig.Store, rig.TenantA, (ulong)slot, Zpages.Make(slot, s_sizes[slot]), 1, area: 1, owner));
        }

        Task<ReclaimResult> reclaim = rig.Store.ReclaimAsync(rig.TenantA, 4, 1).AsTask();
        Assert.True(outlet.TryTake(out EvictionBatch? batch));
        using (batch)
        {
            Leaks.Check(batch.Zpages.Span, "an eviction");
            int offset = 0;
            foreach (EvictedPage page in batch.Pages)
            {
                byte[] zpage = Zpages.Make((int)page.Slot.Value, s_sizes[page.Slot.Value]);
                Assert.Equal(zpage, batch.Zpages.Span.Slice(offset, page.Length).ToArray());
                offset += page.Length;
                outlet.Answer(page.Slot, page.Generation, EvictionAnswer.Taken);
            }

            Assert.Equal(batch.Zpages.Length, offset);
        }

        Assert.True((await reclaim).FramesFreed > 0);
        outlet.Close();
    }

    [Fact]
    public void The_record_of_a_page_that_is_gone_leaves_with_no_image()
    {
        byte[] frame = new byte[FrameArena.FrameBytes];
        byte[] header = new byte[FrameHeader.Bytes];
        frame.AsSpan().Fill(0xDB);
        header.AsSpan().Fill(0xDB);
        ref FrameHeader fields = ref FrameHeader.Of(header);
        (fields.Version, fields.Kind, fields.FirstChunks, fields.LastChunks) =
            (FrameHeader.CurrentVersion, FrameKind.Zbud, 2, 0);
        byte[] zpage = Zpages.Make(1, 100);
        zpage.CopyTo(frame, FrameHeader.Bytes);
        new OwnerRecord(new AreaId(0), new Slot(1), new Generation(1), Zpages.EncodingOf(100), 100, 0, 0)
            .Write(FrameHeader.Record(header, Buddy.First));

        FrameImage.Seal(frame, header);

        Leaks.Check(frame, "the frame");
        Leaks.Check(header, "the header");
        Assert.Equal(zpage, frame[FrameHeader.Bytes..(FrameHeader.Bytes + 100)]);
    }

    // Frames that the other tenant has used and left; a few it keeps, so that the system does not get the memory back.
    private static void Soil(StoreRig rig)
    {
        for (ulong slot = 0; slot < Frames; slot++)
        {
            Assert.Equal(
                StoreOutcome.Stored, rig.Put(slot, Zpages.Make((int)slot, 4096), tenant: rig.TenantB));
        }

        for (ulong slot = 0; slot < Frames - 2; slot++)
        {
            rig.Forget(slot, tenant: rig.TenantB);
        }
    }

    private static void Fill(StoreRig rig)
    {
        for (int slot = 0; slot < Frames; slot++)
        {
            byte[] zpage = Zpages.Make(slot, s_sizes[slot % s_sizes.Length]);
            Assert.Equal(StoreOutcome.Stored, rig.Put((ulong)slot, zpage, generation: 1));
        }

        // Some frames lose one of their two.
        for (ulong slot = 0; slot < Frames; slot += 5)
        {
            rig.Forget(slot);
        }
    }

    private static void Check(StoreRig rig)
    {
        for (int slot = 0; slot < Frames; slot++)
        {
            Loaded loaded = rig.Get((ulong)slot);
            bool isThere = slot % 5 != 0;
            Assert.Equal(isThere ? LoadOutcome.Loaded : LoadOutcome.NotFound, loaded.Outcome);
            byte[] expected = isThere ? Zpages.Make(slot, s_sizes[slot % s_sizes.Length]) : [];
            Assert.Equal(expected, loaded.Zpage);
        }
    }
}
