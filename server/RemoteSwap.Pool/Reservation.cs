namespace RemoteSwap.Pool;

/// <summary>
/// A run of address space. It ends when nothing refers to it any more, never at a moment that somebody names: a read
/// that is still running when its owner is disposed must find memory there, not a fault that ends the process.
/// </summary>
internal sealed unsafe class Reservation
{
    private readonly long _bytes;
    private readonly byte* _taken;
    private readonly long _takenBytes;

    /// <summary>Takes charge of address space.</summary>
    /// <param name="start">Where the part that is used begins.</param>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="taken">Where the whole run begins.</param>
    /// <param name="takenBytes">Its bytes.</param>
    public Reservation(byte* start, long bytes, byte* taken, long takenBytes)
    {
        Start = start;
        _bytes = bytes;
        _taken = taken;
        _takenBytes = takenBytes;
    }

#pragma warning disable MA0055 // A finalizer is the point: see the summary.
    ~Reservation() => VirtualMemory.Release(_taken, _takenBytes);
#pragma warning restore MA0055

    public byte* Start { get; }

    /// <summary>Lets the system map it by huge pages.</summary>
    public void AllowHugePages() => VirtualMemory.AllowHugePages(Start, _bytes, allow: true);

    /// <summary>Gives all memory back; the addresses read as zeroes.</summary>
    public void GiveBack() => VirtualMemory.GiveBack(Start, _bytes);
}
