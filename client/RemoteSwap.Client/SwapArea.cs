using System.Runtime.CompilerServices;
using RemoteSwap.Client.Evictions;
using RemoteSwap.Client.Exchange;
using RemoteSwap.Client.Gathering;
using RemoteSwap.Client.Messages;
using RemoteSwap.Client.Records;
using RemoteSwap.Client.Requests;
using RemoteSwap.Codec;

namespace RemoteSwap.Client;

/// <summary>
/// One area (swap device) of a tenant: stores pages of 4,096 bytes in numbered slots and gives back either exactly the
/// bytes that were stored or an outcome that says why not.
/// <para>
/// What is verified: a page carries a checksum that is bound to its area, slot and generation, so damaged bytes, bytes
/// of another slot, and bytes of one generation under the number of another are found out, whoever is at fault. Of an
/// area that is attached (<see cref="RemoteSwapConnection.AttachAsync"/>) the client also keeps a record of what it
/// stored, and finds out pages that are older than they should be, or gone. Without that a server that answers with an
/// older page and that page's own generation, or with none, is believed.
/// </para>
/// <para>
/// Any thread may call. Calls that overlap have no order between them, but for one slot the server keeps the page whose
/// call was started last: every page takes its generation when the call starts. Batches of more than 512 pages are cut
/// into several calls, at most four in flight; they are not one transaction. Arguments that are wrong throw at once.
/// </para>
/// </summary>
public sealed class SwapArea
{
    private readonly PageStorer _storer;
    private readonly PageLoader _loader;
    private readonly PageInvalidator _invalidator;
    private readonly SinglePages? _singles;

    private readonly PageRecord? _record;
    private readonly RoomWait _room;
    private readonly bool _isSealed;

    internal SwapArea(
        AreaName name,
        GenerationCounter generations,
        IPageTransport transport,
        LaneSet? lanes,
        PageStoreCaller caller,
        RequestStashes stashes,
        TimeProvider time)
    {
        Number = name.Area;
        _isSealed = name.Seal is not null;
        _record = name.Record;
        _room = new RoomWait(name, time);
        _storer = new PageStorer(transport, stashes, name, generations, _room);
        _loader = new PageLoader(transport, stashes, name);
        _invalidator = new PageInvalidator(transport, caller, stashes, name, generations);
        _singles = lanes is null ? null : new SinglePages(lanes, name, generations, time);
    }

    /// <summary>The area's number, from 0.</summary>
    public uint Number { get; }

    /// <summary>Stores one page.</summary>
    /// <param name="slot">The slot, from 0 to the area's size less one.</param>
    /// <param name="page">Exactly 4,096 bytes. Must not change until the task ends.</param>
    /// <param name="ct">Ends the wait; the page may be stored nevertheless.</param>
    /// <exception cref="ArgumentException"><paramref name="page"/> has another length.</exception>
    /// <exception cref="RemoteSwapException">The call failed; the slot holds the old or the new page.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled; likewise.</exception>
    public ValueTask<StoreOutcome> StoreAsync(ulong slot, ReadOnlyMemory<byte> page, CancellationToken ct = default)
    {
        RequireBytes(page.Length, pages: 1, nameof(page));
        return StoreOneAsync(slot, page, burst: null, ct);
    }

    /// <summary>
    /// Stores pages. A slot may stand twice: the later page stays, and the earlier one may be reported as stale.
    /// </summary>
    /// <param name="slots">The slots.</param>
    /// <param name="pages">The pages back to back, 4,096 bytes a slot. Must not change until the task ends.</param>
    /// <param name="mode">What a refused page means for the others.</param>
    /// <param name="ct">Ends the wait; pages may be stored nevertheless.</param>
    /// <returns>An outcome for each slot, in their order.</returns>
    /// <exception cref="ArgumentException">
    /// The lengths do not agree, or more than 512 pages are to be stored all or nothing.
    /// </exception>
    /// <exception cref="RemoteSwapException">A call failed; every slot holds its old or its new page.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled; likewise.</exception>
    public ValueTask<StoreOutcome[]> StoreAsync(
        ReadOnlyMemory<ulong> slots,
        ReadOnlyMemory<byte> pages,
        StoreMode mode = StoreMode.EachPage,
        CancellationToken ct = default)
    {
        RequireBytes(pages.Length, slots.Length, nameof(pages));
        if (mode is not (StoreMode.EachPage or StoreMode.AllOrNothing))
        {
            throw new ArgumentOutOfRangeException(nameof(mode), mode, "There is no such store mode.");
        }

        if (mode == StoreMode.AllOrNothing && slots.Length > WireLimits.MaxBatchPages)
        {
            throw new ArgumentException(
                $"{slots.Length} pages can not be stored all or nothing; store at most {WireLimits.MaxBatchPages}.",
                nameof(slots));
        }

        return new ValueTask<StoreOutcome[]>(_storer.StoreAsync(slots, pages, mode, ct));
    }

    /// <summary>Loads one page; the copy on the server stays.</summary>
    /// <param name="slot">The slot, from 0 to the area's size less one.</param>
    /// <param name="page">
    /// Room for exactly 4,096 bytes. All zero afterwards unless the outcome is <see cref="LoadOutcome.Loaded"/>;
    /// undefined after an exception.
    /// </param>
    /// <param name="ct">Ends the wait.</param>
    /// <exception cref="ArgumentException"><paramref name="page"/> has another length.</exception>
    /// <exception cref="RemoteSwapException">The call failed, or the reply breaks the wire contract.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled.</exception>
    public ValueTask<LoadOutcome> LoadAsync(ulong slot, Memory<byte> page, CancellationToken ct = default)
    {
        RequireBytes(page.Length, pages: 1, nameof(page));
        return LoadOneAsync(slot, page, burst: null, ct);
    }

    /// <summary>Loads pages, and takes them over if so asked.</summary>
    /// <param name="slots">The slots.</param>
    /// <param name="pages">
    /// Room for the pages back to back, 4,096 bytes a slot. Where the outcome is not <see cref="LoadOutcome.Loaded"/>
    /// the room of that page is all zero afterwards; after an exception all of it is undefined.
    /// </param>
    /// <param name="mode">
    /// What becomes of the copies on the server. With <see cref="LoadMode.TakeOver"/> the server is told to drop the
    /// pages that verified, once all of them are here. If it can not be told, or <paramref name="ct"/> is cancelled
    /// meanwhile, the pages are returned all the same and copies may stay behind; after an exception no copy was
    /// dropped.
    /// </param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>An outcome for each slot, in their order.</returns>
    /// <exception cref="ArgumentException">The lengths do not agree.</exception>
    /// <exception cref="RemoteSwapException">A call failed, or a reply breaks the wire contract.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled.</exception>
    public ValueTask<LoadOutcome[]> LoadAsync(
        ReadOnlyMemory<ulong> slots,
        Memory<byte> pages,
        LoadMode mode = LoadMode.Keep,
        CancellationToken ct = default)
    {
        RequireBytes(pages.Length, slots.Length, nameof(pages));
        if (mode is not (LoadMode.Keep or LoadMode.TakeOver))
        {
            throw new ArgumentOutOfRangeException(nameof(mode), mode, "There is no such load mode.");
        }

        return new ValueTask<LoadOutcome[]>(_loader.LoadAsync(slots, pages, mode, ct));
    }

    /// <summary>
    /// Stores zpages as they are: for whoever has pages in encoded form. The server checks that each is well formed,
    /// unless the caller vouches for it (<see cref="ZpageBatch.AreBlocksVouched"/>); that it decodes to the page that
    /// its CRC-32 is of, shows when it is loaded.
    /// </summary>
    /// <param name="batch">
    /// Slots, sizes, encodings, page CRCs and zpages; belongs to the call until the task ends. Afterwards it has the
    /// generations and the outcomes, undefined after an exception.
    /// </param>
    /// <param name="ct">Ends the wait; pages may be stored nevertheless.</param>
    /// <exception cref="ArgumentException">A size, an encoding or the length of the zpages is wrong.</exception>
    /// <exception cref="InvalidOperationException">The area's pages are sealed.</exception>
    /// <exception cref="RemoteSwapException">The call failed; every slot holds its old or its new page.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled; likewise.</exception>
    public ValueTask StoreZpagesAsync(ZpageBatch batch, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        RequireUnsealed();
        int zpageBytes = batch.RequireStorable();
        if (ct.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(ct);
        }

        return batch.Count == 0 ? ValueTask.CompletedTask : _storer.StoreAsync(batch, zpageBytes, ct);
    }

    /// <summary>
    /// Loads zpages as they are. Their checksums are verified, so that they are the bytes that were stored; that they
    /// are the page of this slot and generation shows only to who decodes them and compares
    /// <see cref="ZpageBatch.PageCrcs"/>. The copies on the server stay.
    /// </summary>
    /// <param name="batch">
    /// Slots, and room for the zpages; belongs to the call until the task ends. Afterwards it has the outcomes, sizes,
    /// encodings, generations, page CRCs and zpages, all undefined after an exception.
    /// </param>
    /// <param name="ct">Ends the wait.</param>
    /// <exception cref="ArgumentException">The room is too small.</exception>
    /// <exception cref="InvalidOperationException">The area's pages are sealed.</exception>
    /// <exception cref="RemoteSwapException">The call failed, or the reply breaks the wire contract.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled.</exception>
    public ValueTask LoadZpagesAsync(ZpageBatch batch, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        RequireUnsealed();
        batch.RequireRoom();
        if (ct.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(ct);
        }

        return batch.Count == 0 ? ValueTask.CompletedTask : _loader.LoadAsync(batch, ct);
    }

    /// <summary>
    /// Forgets one page. A page whose store is started later is not harmed, however late this call arrives.
    /// </summary>
    /// <param name="slot">The slot, from 0 to the area's size less one.</param>
    /// <param name="ct">Ends the wait; the page may be gone nevertheless.</param>
    /// <exception cref="RemoteSwapException">The call failed; the page may be there or gone.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled; likewise.</exception>
    public ValueTask<InvalidateOutcome> InvalidateAsync(ulong slot, CancellationToken ct = default) =>
        _singles is null
            ? FirstAsync(_invalidator.InvalidateAsync(new[] { slot }, ct))
            : _singles.InvalidateAsync(slot, ct);

    /// <summary>
    /// Forgets pages. Pages whose store is started later are not harmed, however late a call arrives.
    /// </summary>
    /// <param name="slots">The slots.</param>
    /// <param name="ct">Ends the wait; pages may be gone nevertheless.</param>
    /// <returns>An outcome for each slot, in their order.</returns>
    /// <exception cref="RemoteSwapException">A call failed; every page may be there or gone.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled; likewise.</exception>
    public ValueTask<InvalidateOutcome[]> InvalidateAsync(
        ReadOnlyMemory<ulong> slots,
        CancellationToken ct = default) => new(_invalidator.InvalidateAsync(slots, ct));

    /// <summary>
    /// Forgets the pages of a run of slots, at the cost of what is stored in it and not of its length.
    /// </summary>
    /// <param name="first">The first slot.</param>
    /// <param name="count">How many slots, at least 1; the run must end within the area.</param>
    /// <param name="ct">Ends the wait; pages may be gone nevertheless.</param>
    /// <returns>Pages that were there and are gone. After a repetition by itself it may be too small.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The run is empty or ends beyond 2^64 - 1.</exception>
    /// <exception cref="RemoteSwapException">The call failed; every page may be there or gone.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled; likewise.</exception>
    public ValueTask<ulong> InvalidateRangeAsync(ulong first, ulong count, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, ulong.MaxValue - first);
        return new ValueTask<ulong>(_invalidator.InvalidateRangeAsync(first, count, ct));
    }

    /// <summary>
    /// Forgets all pages of the area. Pages that this connection stores while it runs, or after it failed, stay.
    /// </summary>
    /// <param name="ct">Ends the wait; pages may be gone nevertheless.</param>
    /// <returns>Pages that were there and are gone. After a repetition by itself it may be too small.</returns>
    /// <exception cref="RemoteSwapException">The call failed; every page may be there or gone.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled; likewise.</exception>
    public ValueTask<ulong> InvalidateAllAsync(CancellationToken ct = default) =>
        new(_invalidator.InvalidateAllAsync(ct));

    /// <summary>Stores a page of 4,096 bytes.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="page">The page.</param>
    /// <param name="burst">Who is told when the caller goes on upon the receiver; null: it goes on elsewhere.</param>
    /// <param name="ct">Ends the wait.</param>
    internal ValueTask<StoreOutcome> StoreOneAsync(
        ulong slot, ReadOnlyMemory<byte> page, ICompletionBurst? burst, CancellationToken ct)
    {
        if (_singles is null)
        {
            return FirstAsync(_storer.StoreAsync(new[] { slot }, page, StoreMode.EachPage, ct));
        }

        return _record is null
            ? _singles.StoreAsync(slot, page.Span, burst, ct, out _)
            : StoreCurrentAsync(_record, _singles, _room, slot, page, burst, ct);
    }

    /// <summary>Loads a page into room for 4,096 bytes; likewise.</summary>
    internal ValueTask<LoadOutcome> LoadOneAsync(
        ulong slot, Memory<byte> page, ICompletionBurst? burst, CancellationToken ct) =>
        _singles is null
            ? FirstAsync(_loader.LoadAsync(new[] { slot }, page, LoadMode.Keep, ct))
            : _record?.Local is { } local
            ? LoadHereAsync(local, _singles, slot, page, burst, ct)
            : _singles.LoadAsync(slot, page, burst, ct);

    // As PageStorer does for batches: a page that its neighbourhood made look stale is sent again, and one that found
    // the server full.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<StoreOutcome> StoreCurrentAsync(
        PageRecord record,
        SinglePages singles,
        RoomWait room,
        ulong slot,
        ReadOnlyMemory<byte> page,
        ICompletionBurst? burst,
        CancellationToken ct)
    {
        int again = 0;
        int waits = 0;
        while (true)
        {
            StoreOutcome outcome = await singles.StoreAsync(slot, page.Span, burst, ct, out ulong generation)
                .ConfigureAwait(false);
            if (RoomWait.IsFull(outcome) && room.IsWorthIt(waits))
            {
                await room.WaitAsync(waits++, ct).ConfigureAwait(false);
                if (!record.IsLatest(slot, generation, isRefused: true))
                {
                    RoomWait.Settle(record, slot, generation, outcome);
                    return outcome;
                }
            }
            else if (outcome != StoreOutcome.Stale
                || again++ == PageStorer.MostAgain
                || !record.IsLatest(slot, generation))
            {
                RoomWait.Settle(record, slot, generation, outcome);
                return outcome;
            }
        }
    }

    // What the server has handed out, or lost, may be in the eviction file.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<LoadOutcome> LoadHereAsync(
        LocalPages local,
        SinglePages singles,
        ulong slot,
        Memory<byte> page,
        ICompletionBurst? burst,
        CancellationToken ct)
    {
        for (int again = 0; again <= LocalLoad.MostAgain; again++)
        {
            RecordMark begun = local.Record.MarkOf(slot);
            LoadOutcome outcome = await singles.LoadAsync(slot, page, burst, ct).ConfigureAwait(false);
            if (outcome == LoadOutcome.Lost)
            {
                // The file may keep its reader waiting, and that must not be the receiver.
                await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
                (outcome, _) = await LocalLoad.ReadAsync(local, slot, begun, page).ConfigureAwait(false);
            }

            if (outcome != LoadOutcome.None)
            {
                return outcome;
            }
        }

        return LoadOutcome.Lost;
    }

    // A sealed zpage is bound to slot and generation, and one that is handed over would travel in the clear.
    private void RequireUnsealed()
    {
        if (_isSealed)
        {
            throw new InvalidOperationException(
                $"Area {Number} is sealed: zpages can not be stored or loaded as they are. Store and load pages.");
        }
    }

    private static void RequireBytes(int bytes, int pages, string name)
    {
        long expected = (long)pages * PageSize.Bytes;
        if (bytes != expected)
        {
            throw new ArgumentException(
                $"{name} has {bytes} bytes; {pages} page(s) of {PageSize.Bytes} bytes are exactly {expected}.", name);
        }
    }

    private static async ValueTask<T> FirstAsync<T>(Task<T[]> outcomes) => (await outcomes.ConfigureAwait(false))[0];
}
