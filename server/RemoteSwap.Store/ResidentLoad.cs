using RemoteSwap.Codec;
using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// The first half of a Load, one page: what is in memory is copied under the shard's lock and its checksum compared
/// outside of it; of what is spilled the batch gets the entry, for <see cref="SpilledLoad"/>.
/// </summary>
internal static class ResidentLoad
{
    /// <summary>Loads one page of a batch.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="batch">The batch; gets the page's figures, and its entry if it is spilled.</param>
    /// <param name="claim">Who asks.</param>
    /// <param name="page">Which page of the batch.</param>
    /// <param name="slot">Its slot.</param>
    /// <param name="zpage">Room for its zpage.</param>
    public static LoadOutcome Run(
        Tenant tenant, LoadBatch batch, in AreaClaim claim, int page, Slot slot, Span<byte> zpage)
    {
        if (tenant.Poison is not null)
        {
            return LoadOutcome.Invariant;
        }

        try
        {
            batch.Clock?.Ask();
            Shard shard = tenant.ShardOf(batch.Area, slot);
            LoadOutcome outcome = shard.Load(
                in claim,
                batch.Area,
                slot,
                batch.Exclusive,
                zpage,
                out LoadedPage loaded,
                out SwapEntry spilled,
                batch.Clock);
            batch.Clock?.Leave();
            if (!spilled.IsEmpty)
            {
                // Room for what the read will bring.
                batch.Spilled[page] = spilled;
                batch.Pages[page] = new LoadedPage(spilled.Generation, spilled.Encoding, spilled.Length, 0, 0);
                return outcome;
            }

            if (outcome == LoadOutcome.Loaded && PageChecksum.OfZpage(zpage[..loaded.Length]) != loaded.ZpageChecksum)
            {
                shard.CountCorrupt();
                return LoadOutcome.Corrupt;
            }

            batch.Pages[page] = loaded;
            return outcome;
        }
        catch (InvariantViolationException violation)
        {
            tenant.SetPoison(violation);
            return LoadOutcome.Invariant;
        }
    }
}
