using System.Runtime.CompilerServices;
using RemoteSwap.Client;
using RemoteSwap.Codec;
using RemoteSwap.Nbd;

namespace RemoteSwap.Device;

/// <summary>
/// An area of a page server as a disk: byte n of the disk is byte n mod 4,096 of the page in slot n / 4,096.
/// <para>
/// The way of a request: (1) it is cut at the borders of pages; (2) it waits until no other request is in its way
/// (<see cref="SlotGate"/>); (3) whole pages go to the server, and from it, as one batch, one page alone without
/// waiting for others, or with those of the same plug; parts of pages are read, changed and written; (4) what the
/// server says becomes the state of the slots and the answer. A write is answered when the server has acknowledged it.
/// </para>
/// <para>
/// What is never read from the server: slots that were never written or were trimmed; they are zeroes. What is never
/// zeroes: a slot whose page the server had acknowledged; if it has it no more, reading it is an error.
/// </para>
/// <para>
/// What it is not: a cache. It keeps a byte for each page (<see cref="SlotStates"/>) and no page. The trade-off: an
/// acknowledged page is as safe as the server's memory and no safer.
/// </para>
/// <para>Locks: the gate, around each request; any thread may call.</para>
/// </summary>
public sealed class SwapDevice : INbdDevice
{
    private readonly IPageArea _area;
    private readonly SlotStates _states;
    private readonly SlotGate _gate = new();
    private readonly PageRuns _pages;

    /// <summary>Makes a device.</summary>
    /// <param name="area">The area; nobody else may write to it.</param>
    /// <param name="sizeBytes">Size of the disk, a positive multiple of 4,096, at most 1 TiB.</param>
    /// <param name="isEmpty">
    /// Whether the area is known to be empty. Otherwise, as after a restart of the device, the server is asked for a
    /// slot when it is first read, and an empty one is zeroes.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The size is none that a device can have.</exception>
    public SwapDevice(SwapArea area, long sizeBytes, bool isEmpty)
        : this(new RemotePageArea(area), sizeBytes, isEmpty)
    {
    }

    /// <summary>
    /// Makes a device on an area that this process owns. What each slot holds is known from the client's record: an
    /// empty one is zeroes, unless pages of the area were lost with the server's memory; then it is an error until it
    /// is written or trimmed, for nobody knows whether it was one of them.
    /// </summary>
    /// <param name="area">The area. The device answers errors when somebody else owns it.</param>
    /// <param name="sizeBytes">Size of the disk, a positive multiple of 4,096, at most 1 TiB.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is none that a device can have.</exception>
    public SwapDevice(AttachedArea area, long sizeBytes)
        : this(new RemotePageArea(area.Pages), sizeBytes, isEmpty: true)
    {
        Begin(area.StoredPages > 0 ? area.IsStored : static _ => false, area.HasLostPages, area.Fenced);
    }

    internal SwapDevice(IPageArea area, long sizeBytes, bool isEmpty)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sizeBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sizeBytes, MaxSizeBytes);
        ArgumentOutOfRangeException.ThrowIfNotEqual(sizeBytes % PageSize.Bytes, 0);
        SizeBytes = sizeBytes;
        _area = area;
        _states = new SlotStates(sizeBytes / PageSize.Bytes, isEmpty ? SlotState.Hole : SlotState.Unknown);
        _pages = new PageRuns(area, _states);
    }

    /// <summary>The largest disk: the slots that an area has on the server.</summary>
    public static long MaxSizeBytes => 1L << 40;

    /// <inheritdoc/>
    public long SizeBytes { get; }

    /// <summary>A write is done when the server has acknowledged it, and no flush makes it any safer.</summary>
    /// <inheritdoc/>
    public bool IsWriteThrough => true;

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<NbdResult> ReadAsync(long offset, Memory<byte> buffer, CancellationToken ct)
    {
        // (1)
        PageCut cut = new(offset, buffer.Length);

        // (2)
        SlotPass pass = await _gate.EnterTogetherAsync(cut.FirstSlot, cut.Slots).ConfigureAwait(false);
        try
        {
            // (3), (4)
            return cut.IsWhole
                ? await _pages.LoadAsync(cut.FirstWhole, buffer).ConfigureAwait(false)
                : await _pages.LoadPartsAsync(cut, buffer).ConfigureAwait(false);
        }
        catch (RemoteSwapException failure)
        {
            return DeviceOutcome.Of(failure);
        }
        finally
        {
            _gate.Leave(pass);
        }
    }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<NbdResult> WriteAsync(long offset, ReadOnlyMemory<byte> data, CancellationToken ct)
    {
        PageCut cut = new(offset, data.Length);
        SlotPass pass = await _gate.EnterAloneAsync(cut.FirstSlot, cut.Slots).ConfigureAwait(false);
        try
        {
            return cut.IsWhole
                ? await _pages.StoreAsync(cut.FirstWhole, data).ConfigureAwait(false)
                : await _pages.StorePartsAsync(cut, data).ConfigureAwait(false);
        }
        catch (RemoteSwapException failure)
        {
            return DeviceOutcome.Of(failure);
        }
        finally
        {
            _gate.Leave(pass);
        }
    }

    /// <summary>
    /// Makes a range read as zeroes: whole pages are forgotten, whether or not the range should stay allocated, for the
    /// server keeps no page that it need not.
    /// </summary>
    /// <inheritdoc/>
    public async ValueTask<NbdResult> WriteZeroesAsync(
        long offset, long length, bool keepAllocated, CancellationToken ct)
    {
        PageCut cut = new(offset, length);
        SlotPass pass = await _gate.EnterAloneAsync(cut.FirstSlot, cut.Slots).ConfigureAwait(false);
        try
        {
            NbdResult result = await _pages.ClearPartsAsync(cut).ConfigureAwait(false);
            return result.IsSuccess && cut.WholePages > 0
                ? await _pages.ForgetAsync(cut.FirstWhole, cut.WholePages).ConfigureAwait(false)
                : result;
        }
        catch (RemoteSwapException failure)
        {
            return DeviceOutcome.Of(failure);
        }
        finally
        {
            _gate.Leave(pass);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<NbdResult> TrimAsync(long offset, long length, CancellationToken ct)
    {
        // Parts of pages stay as they are: a trim is a hint.
        PageCut cut = new(offset, length);
        if (cut.WholePages == 0)
        {
            return NbdResult.Success;
        }

        SlotPass pass = await _gate.EnterAloneAsync(cut.FirstWhole, cut.WholePages).ConfigureAwait(false);
        try
        {
            return await _pages.ForgetAsync(cut.FirstWhole, cut.WholePages).ConfigureAwait(false);
        }
        catch (RemoteSwapException failure)
        {
            return DeviceOutcome.Of(failure);
        }
        finally
        {
            _gate.Leave(pass);
        }
    }

    /// <summary>
    /// Ends when every write that was begun before is acknowledged by the server. Acknowledged means in the server's
    /// memory, not on a disk.
    /// </summary>
    /// <inheritdoc/>
    public async ValueTask<NbdResult> FlushAsync(CancellationToken ct)
    {
        // Writes that were answered are acknowledged; those under way are in the gate, alone. Later ones go on.
        _gate.Leave(await _gate.WatchAsync(0, _states.Count).ConfigureAwait(false));
        return NbdResult.Success;
    }

    /// <inheritdoc/>
    public ValueTask<NbdResult> CacheAsync(long offset, long length, CancellationToken ct) => new(NbdResult.Success);

    /// <inheritdoc/>
    public (NbdExtentKind Kind, long Length) ExtentAt(long offset, long length)
    {
        PageCut cut = new(offset, length);
        long slots = _states.RunAt(cut.FirstSlot, cut.Slots, out bool isHole);
        long end = (cut.FirstSlot + slots) * PageSize.Bytes;
        return (isHole ? NbdExtentKind.Hole | NbdExtentKind.Zero : NbdExtentKind.Data, Math.Min(end - offset, length));
    }

    /// <summary>
    /// Single pages that are asked for from now on, on this thread, go to the server together. Nobody waits for another
    /// under it: a request whose slots are taken comes later, by itself.
    /// </summary>
    /// <inheritdoc/>
    public void Plug() => _area.Plug();

    /// <inheritdoc/>
    public void Unplug() => _area.Unplug();

    /// <summary>Takes the states from a record of what is stored; before the first request.</summary>
    /// <param name="isStored">Whether a slot holds a page.</param>
    /// <param name="hasLostPages">Whether other slots may have held one.</param>
    /// <param name="fenced">Cancelled when somebody else owns the area.</param>
    internal void Begin(Func<ulong, bool> isStored, bool hasLostPages, CancellationToken fenced)
    {
        SlotState empty = hasLostPages ? SlotState.Doubtful : SlotState.Hole;
        for (long slot = 0; slot < _states.Count; slot++)
        {
            _states[slot] = isStored((ulong)slot) ? SlotState.Stored : empty;
        }

        fenced.Register(() => _ = DoubtHolesAsync());
    }

    // Holes are answered without the server, and whoever owns the area now may have written to them: from here on it is
    // asked, and says who is fenced.
    private async Task DoubtHolesAsync()
    {
        SlotPass pass = await _gate.EnterAloneAsync(0, _states.Count).ConfigureAwait(false);
        _states.Replace(0, _states.Count, SlotState.Hole, SlotState.Doubtful);
        _gate.Leave(pass);
    }
}
