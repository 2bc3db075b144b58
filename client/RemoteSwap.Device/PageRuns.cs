using System.Buffers;
using System.Runtime.CompilerServices;
using RemoteSwap.Client;
using RemoteSwap.Codec;
using RemoteSwap.Nbd;

namespace RemoteSwap.Device;

/// <summary>
/// Loads, stores and forgets runs of pages, and parts of pages, and keeps the states of their slots in step with what
/// the server says.
/// <para>
/// A state changes after the server's answer, never before. Where a call fails as a whole nobody knows what the server
/// has: the old page or the new one. A hole becomes unknown then; any other slot counts as stored, because one of both
/// should be there.
/// </para>
/// <para>Locks: none; the callers have the slots, those that only load together with others.</para>
/// </summary>
internal sealed class PageRuns(IPageArea area, SlotStates states)
{
    // From here on encoding takes longer than to wake a thread for it, and whoever brought the pages may be the thread
    // that serves other sockets too: a guest writes 2 MiB at once, and reads of others would wait for it.
    private const int LeastPagesAside = 8;

    /// <summary>Loads whole pages.</summary>
    /// <param name="first">The first slot.</param>
    /// <param name="buffer">Room for whole pages.</param>
    public ValueTask<NbdResult> LoadAsync(long first, Memory<byte> buffer) =>
        buffer.Length == PageSize.Bytes ? LoadOneAsync(first, buffer) : LoadManyAsync(first, buffer);

    /// <summary>Loads a run that begins or ends within a page.</summary>
    public async ValueTask<NbdResult> LoadPartsAsync(PageCut cut, Memory<byte> buffer)
    {
        // As many whole pages as are touched: one batch.
        int bytes = checked((int)(cut.Slots * PageSize.Bytes));
        byte[] rented = ArrayPool<byte>.Shared.Rent(bytes);
        try
        {
            NbdResult result = await LoadAsync(cut.FirstSlot, rented.AsMemory(0, bytes)).ConfigureAwait(false);
            rented.AsSpan(cut.HeadSkip, buffer.Length).CopyTo(buffer.Span);
            return result;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Stores whole pages.</summary>
    /// <param name="first">The first slot.</param>
    /// <param name="data">Whole pages.</param>
    public ValueTask<NbdResult> StoreAsync(long first, ReadOnlyMemory<byte> data) =>
        data.Length == PageSize.Bytes ? StoreOneAsync(first, data) : StoreManyAsync(first, data);

    /// <summary>Stores a run that begins or ends within a page.</summary>
    public async ValueTask<NbdResult> StorePartsAsync(PageCut cut, ReadOnlyMemory<byte> data)
    {
        NbdResult result = NbdResult.Success;
        if (cut.HeadBytes > 0)
        {
            result = await ChangeAsync(cut.FirstSlot, cut.HeadSkip, cut.HeadBytes, data[..cut.HeadBytes])
                .ConfigureAwait(false);
        }

        if (result.IsSuccess && cut.WholePages > 0)
        {
            int bytes = (int)cut.WholePages * PageSize.Bytes;
            result = await StoreAsync(cut.FirstWhole, data.Slice(cut.HeadBytes, bytes)).ConfigureAwait(false);
        }

        return result.IsSuccess && cut.TailBytes > 0
            ? await ChangeAsync(cut.LastSlot, 0, cut.TailBytes, data[^cut.TailBytes..]).ConfigureAwait(false)
            : result;
    }

    /// <summary>Puts zeroes into the parts of pages at both ends of a run.</summary>
    public async ValueTask<NbdResult> ClearPartsAsync(PageCut cut)
    {
        NbdResult result = NbdResult.Success;
        if (cut.HeadBytes > 0)
        {
            result = await ChangeAsync(cut.FirstSlot, cut.HeadSkip, cut.HeadBytes, data: default).ConfigureAwait(false);
        }

        return result.IsSuccess && cut.TailBytes > 0
            ? await ChangeAsync(cut.LastSlot, 0, cut.TailBytes, data: default).ConfigureAwait(false)
            : result;
    }

    /// <summary>Forgets whole pages: they are holes afterwards.</summary>
    public async ValueTask<NbdResult> ForgetAsync(long first, long count)
    {
        if (states.AreAll(first, count, SlotState.Hole))
        {
            return NbdResult.Success;
        }

        bool isDone = false;
        try
        {
            await area.InvalidateRangeAsync((ulong)first, (ulong)count).ConfigureAwait(false);
            isDone = true;
        }
        finally
        {
            if (isDone)
            {
                states.Set(first, count, SlotState.Hole);
            }
            else
            {
                // Each is there or gone, and who asked for that takes either.
                states.Replace(first, count, SlotState.Stored, SlotState.Unknown);
            }
        }

        return NbdResult.Success;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<NbdResult> LoadOneAsync(long slot, Memory<byte> page)
    {
        switch (states[slot])
        {
            case SlotState.Hole:
                page.Span.Clear();
                return NbdResult.Success;
            case SlotState.Lost:
                return DeviceOutcome.Lost(slot);
            default:
                return Judge(await area.LoadAsync((ulong)slot, page).ConfigureAwait(false), slot);
        }
    }

    private async ValueTask<NbdResult> LoadManyAsync(long first, Memory<byte> buffer)
    {
        int count = buffer.Length / PageSize.Bytes;
        ulong[] slots = ArrayPool<ulong>.Shared.Rent(count);
        byte[]? bounce = null;
        try
        {
            int wanted = 0;
            for (long slot = first; slot < first + count; slot++)
            {
                switch (states[slot])
                {
                    case SlotState.Hole:
                        break;
                    case SlotState.Lost:
                        return DeviceOutcome.Lost(slot);
                    default:
                        slots[wanted++] = (ulong)slot;
                        break;
                }
            }

            if (wanted == 0)
            {
                buffer.Span.Clear();
                return NbdResult.Success;
            }

            // With holes between them pages come elsewhere first: one batch, whatever the pattern.
            int bytes = wanted * PageSize.Bytes;
            bounce = wanted == count ? null : ArrayPool<byte>.Shared.Rent(bytes);
            Memory<byte> pages = bounce is null ? buffer : bounce.AsMemory(0, bytes);
            LoadOutcome[] outcomes = await area.LoadAsync(slots.AsMemory(0, wanted), pages).ConfigureAwait(false);
            for (int i = 0; i < wanted; i++)
            {
                NbdResult result = Judge(outcomes[i], (long)slots[i]);
                if (!result.IsSuccess)
                {
                    return result;
                }
            }

            if (bounce is not null)
            {
                Spread(slots.AsSpan(0, wanted), pages.Span, first, buffer.Span);
            }

            return NbdResult.Success;
        }
        finally
        {
            ArrayPool<ulong>.Shared.Return(slots);
            if (bounce is not null)
            {
                ArrayPool<byte>.Shared.Return(bounce);
            }
        }
    }

    private static void Spread(ReadOnlySpan<ulong> slots, ReadOnlySpan<byte> pages, long first, Span<byte> buffer)
    {
        buffer.Clear();
        for (int i = 0; i < slots.Length; i++)
        {
            int place = (int)((long)slots[i] - first) * PageSize.Bytes;
            pages.Slice(i * PageSize.Bytes, PageSize.Bytes).CopyTo(buffer[place..]);
        }
    }

    // A page that is not there is zeroes only where nobody has ever said that it is there.
    private NbdResult Judge(LoadOutcome outcome, long slot)
    {
        if (outcome == LoadOutcome.Loaded)
        {
            // From now on it can be lost.
            states[slot] = SlotState.Stored;
            return NbdResult.Success;
        }

        if (outcome == LoadOutcome.NotFound && states[slot] is (SlotState.Unknown or SlotState.Hole))
        {
            // It stays unknown: a write that failed may still be on its way, and a trim must not pass it by.
            return NbdResult.Success;
        }

        if (outcome == LoadOutcome.Lost && states[slot] is (SlotState.Unknown or SlotState.Hole))
        {
            // There was a page. That the server may forget so does not make it zeroes.
            states[slot] = SlotState.Stored;
        }

        return outcome == LoadOutcome.NotFound && states[slot] == SlotState.Doubtful
            ? DeviceOutcome.Doubtful(slot)
            : DeviceOutcome.Of(outcome, slot);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<NbdResult> StoreOneAsync(long slot, ReadOnlyMemory<byte> page)
    {
        StoreOutcome outcome = StoreOutcome.None;
        try
        {
            outcome = await area.StoreAsync((ulong)slot, page).ConfigureAwait(false);
        }
        finally
        {
            Note(slot, outcome);
        }

        return DeviceOutcome.Of(outcome, slot);
    }

    private async ValueTask<NbdResult> StoreManyAsync(long first, ReadOnlyMemory<byte> data)
    {
        int count = data.Length / PageSize.Bytes;
        ulong[] slots = ArrayPool<ulong>.Shared.Rent(count);
        StoreOutcome[]? outcomes = null;
        try
        {
            if (count >= LeastPagesAside)
            {
                await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            }

            for (int i = 0; i < count; i++)
            {
                slots[i] = (ulong)(first + i);
            }

            outcomes = await area.StoreAsync(slots.AsMemory(0, count), data).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<ulong>.Shared.Return(slots);
            for (int i = 0; i < count; i++)
            {
                Note(first + i, outcomes is null ? StoreOutcome.None : outcomes[i]);
            }
        }

        NbdResult result = NbdResult.Success;
        for (int i = 0; i < count && result.IsSuccess; i++)
        {
            result = DeviceOutcome.Of(outcomes[i], first + i);
        }

        return result;
    }

    // What a store has made of a slot; none: nobody knows. Then a hole may have a page now, and zeroes are right if it
    // has not; any other slot may have lost a page by a refusal that nobody heard, and zeroes would be wrong.
    private void Note(long slot, StoreOutcome outcome)
    {
        states[slot] = (outcome, states[slot]) switch
        {
            (StoreOutcome.Stored or StoreOutcome.SameFilled, _) => SlotState.Stored,
            (StoreOutcome.None or StoreOutcome.Stale, SlotState.Hole) => SlotState.Unknown,
            (StoreOutcome.None or StoreOutcome.Stale, SlotState.Unknown) => SlotState.Stored,
            (StoreOutcome.None or StoreOutcome.Stale, var kept) => kept,

            // Somebody else may have written the slot.
            (StoreOutcome.Fenced, SlotState.Hole) => SlotState.Doubtful,
            (StoreOutcome.Fenced, var kept) => kept,
            _ => SlotState.Lost,
        };
    }

    // Reads a page, changes a part of it (to zeroes where no data is given) and writes it.
    private async ValueTask<NbdResult> ChangeAsync(long slot, int skip, int bytes, ReadOnlyMemory<byte> data)
    {
        byte[] rented = ArrayPool<byte>.Shared.Rent(PageSize.Bytes);
        try
        {
            Memory<byte> page = rented.AsMemory(0, PageSize.Bytes);
            NbdResult result = await LoadOneAsync(slot, page).ConfigureAwait(false);
            if (!result.IsSuccess)
            {
                return result;
            }

            Span<byte> part = page.Span.Slice(skip, bytes);
            if (data.IsEmpty)
            {
                part.Clear();
            }
            else
            {
                data.Span.CopyTo(part);
            }

            return await StoreOneAsync(slot, page).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
