namespace RemoteSwap.Nbd;

/// <summary>
/// What an export serves: a run of bytes that can be read and written. The protocol's side of the border; it knows
/// nothing of what is behind. All arguments have been checked: offsets and lengths lie within <see cref="SizeBytes"/>,
/// lengths are at least 1, the export is writable where something is written.
/// <para>
/// Calls overlap, on any thread, from all connections of the export. Two calls whose ranges overlap have no order
/// between them (the protocol gives none). A failure is a result, not an exception; an exception ends the connection.
/// </para>
/// </summary>
public interface INbdDevice
{
    /// <summary>Bytes of the export, a multiple of 4,096; never changes.</summary>
    long SizeBytes { get; }

    /// <summary>
    /// Whether a write that is done is as safe as after a flush; then NBD_CMD_FLAG_FUA costs nothing. Never changes.
    /// </summary>
    bool IsWriteThrough { get; }

    /// <summary>Reads.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="buffer">Room for what is read; undefined unless the result is a success.</param>
    /// <param name="ct">The connection ends.</param>
    ValueTask<NbdResult> ReadAsync(long offset, Memory<byte> buffer, CancellationToken ct);

    /// <summary>Writes. Done means acknowledged by whoever keeps the bytes.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="data">The bytes; not used after the task has ended.</param>
    /// <param name="ct">The connection ends.</param>
    ValueTask<NbdResult> WriteAsync(long offset, ReadOnlyMemory<byte> data, CancellationToken ct);

    /// <summary>Makes a range read as zeroes.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="length">How many; may be the whole export.</param>
    /// <param name="keepAllocated">The range should stay allocated (NBD_CMD_FLAG_NO_HOLE).</param>
    /// <param name="ct">The connection ends.</param>
    ValueTask<NbdResult> WriteZeroesAsync(long offset, long length, bool keepAllocated, CancellationToken ct);

    /// <summary>The client needs the range no more; what is read from it afterwards is up to the device.</summary>
    ValueTask<NbdResult> TrimAsync(long offset, long length, CancellationToken ct);

    /// <summary>Ends when all writes that were answered or begun before, on any connection, are acknowledged.</summary>
    ValueTask<NbdResult> FlushAsync(CancellationToken ct);

    /// <summary>The client will read the range soon; a hint.</summary>
    ValueTask<NbdResult> CacheAsync(long offset, long length, CancellationToken ct);

    /// <summary>Tells what kind of bytes there are at a place, and how far that reaches.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="length">How far to look, at least 1.</param>
    /// <returns>
    /// The kind of the first byte; for how many bytes it is the same: 1 to <paramref name="length"/>.
    /// </returns>
    (NbdExtentKind Kind, long Length) ExtentAt(long offset, long length);

    /// <summary>
    /// More requests follow on this thread, one directly after the other: until <see cref="Unplug"/> the device may
    /// hold back what it is asked on it, to do it together. Calls on other threads need not be held back. A device that
    /// gains nothing by it does nothing. Does not throw.
    /// <para>
    /// Plug and Unplug come in pairs, on one thread; between them the caller waits for nothing. Several connections may
    /// have their pairs at a time, each on its own thread.
    /// </para>
    /// </summary>
    void Plug()
    {
    }

    /// <summary>
    /// Lets go of what was held back on this thread since <see cref="Plug"/>, at once: after it nothing is held. Does
    /// not throw, and does not wait.
    /// </summary>
    void Unplug()
    {
    }
}
