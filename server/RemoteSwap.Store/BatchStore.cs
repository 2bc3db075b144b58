using RemoteSwap.Codec;
using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// Carries out a Store: page by page, in order, each under its shard's lock; and takes a batch back that is all or
/// nothing and was not stored whole. Steps 2 and 3 of the way of a page are here, the others in
/// <see cref="Shard.Store"/>.
/// <para>
/// Locks: <see cref="Tenant.WholeBatches"/> over a batch that is all or nothing; the shards' inside.
/// </para>
/// </summary>
internal sealed class BatchStore(PageCodec codec, Shrinker shrinker, RecentRefusals refusals)
{
    /// <summary>Stores a batch; the outcomes are in it.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="batch">The pages.</param>
    /// <param name="draining">Whether the server takes no new pages any more.</param>
    public void Run(Tenant tenant, StoreBatch batch, bool draining)
    {
        bool all = batch.AllOrNothing
            ? StoreAllOrNothing(tenant, batch, draining)
            : StorePages(tenant, batch, draining);
        if (!all)
        {
            refusals.Note(tenant.Name, batch.Outcomes.AsSpan(0, batch.Count));
        }
    }

    private bool StoreAllOrNothing(Tenant tenant, StoreBatch batch, bool draining)
    {
        lock (tenant.WholeBatches)
        {
            if (!StorePages(tenant, batch, draining))
            {
                Withdraw(tenant, batch);
                return false;
            }

            return true;
        }
    }

    // Whether all pages are stored.
    private bool StorePages(Tenant tenant, StoreBatch batch, bool draining)
    {
        bool all = true;
        AreaClaim claim = AreaClaim.Of(tenant, batch.Area, batch.Epoch, Newest(batch));
        ZpageCursor zpages = new(batch.Zpages, batch.Crossing);
        batch.Lookahead.Begin(tenant, batch.Area, batch.Slots, batch.Count, replaces: true);
        for (int page = 0; page < batch.Count; page++)
        {
            batch.Lookahead.Advance(page);
            ReadOnlySpan<byte> zpage = zpages.Next(batch.Sizes[page]);
            StoreOutcome outcome = StoreOne(
                tenant, PageOf(tenant, batch, in claim, page, zpage), draining, out batch.Placed[page]);
            batch.Outcomes[page] = outcome;
            all &= outcome is StoreOutcome.Stored or StoreOutcome.SameFilled;
        }

        return all;
    }

    private StoreOutcome StoreOne(Tenant tenant, in StorePage page, bool draining, out Generation placed)
    {
        placed = Generation.None;
        if (tenant.Poison is not null)
        {
            return StoreOutcome.Invariant;
        }

        // (2)
        StoreOutcome refusal = tenant.Refusal(draining);
        try
        {
            page.Clock?.Ask();
            StoreOutcome outcome = tenant.ShardOf(page.Area, page.Slot).Store(in page, refusal, out placed);
            page.Clock?.Leave();
            if (tenant.NeedsShrinking)
            {
                shrinker.Wake();
            }

            return outcome;
        }
        catch (InvariantViolationException violation)
        {
            tenant.SetPoison(violation);
            return StoreOutcome.Invariant;
        }
    }

    private static Generation Newest(StoreBatch batch)
    {
        ulong newest = 0;
        foreach (ulong generation in batch.Generations.AsSpan(0, batch.Count))
        {
            newest = Math.Max(newest, generation);
        }

        return new Generation(newest);
    }

    private StorePage PageOf(
        Tenant tenant, StoreBatch batch, in AreaClaim claim, int page, ReadOnlySpan<byte> zpage)
    {
        // (3)
        ZpageEncoding encoding = batch.Encodings[page];
        uint checksum = batch.ZpageChecksums[page];
        if (batch.Encode && encoding == ZpageEncoding.Raw)
        {
            zpage = batch.Encoded.AsSpan(0, codec.Encode(zpage, batch.Encoded, out encoding));
            checksum = PageChecksum.OfZpage(zpage);
        }

        return new StorePage
        {
            Area = batch.Area,
            Claim = claim,
            Clock = batch.Clock,
            MayReplaceOnly = tenant.HasAllPages,
            Slot = new Slot(batch.Slots[page]),
            Generation = new Generation(batch.Generations[page]),
            Encoding = encoding,
            Zpage = zpage,
            ZpageChecksum = checksum,
            PageChecksum = batch.PageChecksums[page],
        };
    }

    // C4 for a batch: what was refused is gone already; what this call stored goes too. Pages that an earlier call
    // stored, acknowledged again here, and newer ones stay.
    private static void Withdraw(Tenant tenant, StoreBatch batch)
    {
        for (int page = 0; page < batch.Count && tenant.Poison is null; page++)
        {
            if (batch.Placed[page].IsNone)
            {
                continue;
            }

            Slot slot = new(batch.Slots[page]);
            try
            {
                tenant.ShardOf(batch.Area, slot).Withdraw(batch.Area, slot, batch.Placed[page]);
                batch.Outcomes[page] = StoreOutcome.BatchAborted;
            }
            catch (InvariantViolationException violation)
            {
                tenant.SetPoison(violation);
                batch.Outcomes[page] = StoreOutcome.Invariant;
            }
        }
    }
}
