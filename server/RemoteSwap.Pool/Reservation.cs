namespace RemoteSwap.Pool;

/// <summary>
/// A run of address space. It ends when nothing refers to it any more, never at a moment that somebody names: a read
/// that is still running when its owner is disposed must find memory there, not a fault that ends the process.
/// </summary>
internal sealed unsafe class Reservation
{
    private readonly long _bytes;

    public Reservation(byte* start, long bytes)
    {
        Start = start;
        _bytes = bytes;
    }

#pragma warning disable MA0055 // A finalizer is the point: see the summary.
    ~Reservation() => VirtualMemory.Release(Start, _bytes);
#pragma warning restore MA0055

    public byte* Start { get; }

    /// <summary>Gives all memory back; the addresses read as zeroes.</summary>
    public void GiveBack() => VirtualMemory.GiveBack(Start, _bytes);
}
