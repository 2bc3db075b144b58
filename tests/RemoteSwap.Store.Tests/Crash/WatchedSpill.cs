using RemoteSwap.Pool;

namespace RemoteSwap.Store.Tests.Crash;

/// <summary>
/// A spill file that is kept, with a look at every step at which a kill would leave something else behind: before and
/// after each mark, and in a write that is half done.
/// </summary>
internal sealed class WatchedSpill(SpillFile file) : IWritebackTarget, ILiveBook
{
    private readonly ILiveBook _book = file.Book!;

    /// <summary>Called at each step.</summary>
    public Action Step { get; set; } = () => { };

    /// <summary>Called while images are being written, out of all locks.</summary>
    public Action DuringWrite { get; set; } = () => { };

    public ILiveBook? Book => this;

    public long UsedBytes => file.UsedBytes;

    public long LimitBytes => file.LimitBytes;

    public uint Places => _book.Places;

    public LiveMark this[SpillPlace place] => _book[place];

    public bool TryReserve(out SpillPlace place) => file.TryReserve(out place);

    public bool TryReserve(SpillPlace place) => file.TryReserve(place);

    public void AddUser(SpillPlace place) => file.AddUser(place);

    public void DropUser(SpillPlace place) => file.DropUser(place);

    public async ValueTask WriteAsync(
        ReadOnlyMemory<SpillPlace> places, ReadOnlyMemory<byte> frames, ReadOnlyMemory<byte> headers)
    {
        int half = places.Length / 2;
        Step();
        await file.WriteAsync(
            places[..half], frames[..(half * FrameArena.FrameBytes)], headers[..(half * FrameHeader.Bytes)]);

        // Half an image, as a write that a kill cuts off leaves it.
        byte[] torn = frames.Slice(half * FrameArena.FrameBytes, FrameArena.FrameBytes).ToArray();
        torn.AsSpan(FrameArena.FrameBytes / 2).Clear();
        await file.WriteAsync(places.Slice(half, 1), torn, headers.Slice(half * FrameHeader.Bytes, FrameHeader.Bytes));
        Step();
        DuringWrite();
        Step();
        await file.WriteAsync(places, frames, headers);
        DuringWrite();
        Step();
    }

    public ValueTask ReadAsync(SpillPlace place, Memory<byte> frame, Memory<byte> header) =>
        file.ReadAsync(place, frame, header);

    public void Set(SpillPlace place, Buddy buddy, uint imageChecksum, bool isHeadless)
    {
        Step();
        _book.Set(place, buddy, imageChecksum, isHeadless);
        Step();
    }

    public void Clear(SpillPlace place, Buddy buddy)
    {
        Step();
        _book.Clear(place, buddy);
        Step();
    }

    public uint[] NumberTenants(IReadOnlyList<string> names) => _book.NumberTenants(names);

    public void Distrust(uint tenant) => _book.Distrust(tenant);

    public void Trust(uint tenant) => _book.Trust(tenant);

    public bool IsTrusted(uint tenant) => _book.IsTrusted(tenant);

    public void Dispose() => file.Dispose();
}
