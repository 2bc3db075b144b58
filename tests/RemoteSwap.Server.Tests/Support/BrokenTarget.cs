using RemoteSwap.Store;

namespace RemoteSwap.Server.Tests.Support;

/// <summary>
/// A writeback target that forgets what it is given and whose reads fail in a way that nobody reckons with, or bring
/// nothing but zeroes.
/// </summary>
internal sealed class BrokenTarget : IWritebackTarget
{
    private int _users;
    private uint _places;

    /// <summary>Whether reads fail; else they bring zeroes.</summary>
    public bool FailReads { get; set; } = true;

    /// <summary>Users of all places together.</summary>
    public int Users => Volatile.Read(ref _users);

    public long UsedBytes => 0;

    public long LimitBytes => 1 << 20;

    public bool TryReserve(out SpillPlace place)
    {
        place = new SpillPlace(Interlocked.Increment(ref _places));
        AddUser(place);
        return true;
    }

    public bool TryReserve(SpillPlace place) => false;

    public void AddUser(SpillPlace place) => Interlocked.Increment(ref _users);

    public void DropUser(SpillPlace place) => Interlocked.Decrement(ref _users);

    public ValueTask WriteAsync(
        ReadOnlyMemory<SpillPlace> places, ReadOnlyMemory<byte> frames, ReadOnlyMemory<byte> headers) =>
        ValueTask.CompletedTask;

    public ValueTask ReadAsync(SpillPlace place, Memory<byte> frame, Memory<byte> header)
    {
        if (FailReads)
        {
            throw new InvalidOperationException("a defect");
        }

        frame.Span.Clear();
        header.Span.Clear();
        return ValueTask.CompletedTask;
    }

    public void Dispose()
    {
    }
}
