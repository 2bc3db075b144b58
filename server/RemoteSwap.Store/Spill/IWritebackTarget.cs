namespace RemoteSwap.Store;

/// <summary>
/// Where frames go that memory has no room for: takes whole frame images into fixed places and gives them back.
/// <para>
/// A place belongs to whoever reserved it until its users are gone: the one or two zpages of its image, and reads in
/// progress. All members are thread-safe. Failures of the medium are <see cref="IOException"/>s.
/// </para>
/// </summary>
public interface IWritebackTarget : IDisposable
{
    /// <summary>Bytes of places in use.</summary>
    long UsedBytes { get; }

    /// <summary>Bytes of all places.</summary>
    long LimitBytes { get; }

    /// <summary>
    /// Notes which images are current, for a later life of the server; null: the images die with this one.
    /// </summary>
    ILiveBook? Book => null;

    /// <summary>Which file it is, for a later life of the server to find it again; null: it is not kept.</summary>
    SpillIdentity? Identity => null;

    /// <summary>
    /// Tells how many users each place of a run has; for a map of them. At most 512 places a call, so that no lock is
    /// held for long. A target that does not know says 0.
    /// </summary>
    /// <param name="first">The first place.</param>
    /// <param name="users">An element a place; 255 stands for more too.</param>
    void ReadUsers(SpillPlace first, Span<byte> users) => users.Clear();

    /// <summary>Reserves a place, with one user: the writer.</summary>
    /// <returns>Whether there was one.</returns>
    bool TryReserve(out SpillPlace place);

    /// <summary>Reserves a certain place, with one user: for images of an earlier life.</summary>
    /// <returns>Whether there is such a place and nobody has it.</returns>
    bool TryReserve(SpillPlace place);

    /// <summary>Adds a user to a place that has one.</summary>
    void AddUser(SpillPlace place);

    /// <summary>Takes a user away; without users the place is free.</summary>
    void DropUser(SpillPlace place);

    /// <summary>
    /// Writes frame images. The header of a frame that has one is the frame's own first chunk and need not be kept
    /// twice.
    /// </summary>
    /// <param name="places">The places, reserved.</param>
    /// <param name="frames">4,096 bytes for each place.</param>
    /// <param name="headers">64 bytes for each place: the frame's header.</param>
    /// <exception cref="IOException">At least one image was not written whole.</exception>
    ValueTask WriteAsync(ReadOnlyMemory<SpillPlace> places, ReadOnlyMemory<byte> frames, ReadOnlyMemory<byte> headers);

    /// <summary>Reads a frame image.</summary>
    /// <param name="place">The place; the caller is one of its users.</param>
    /// <param name="frame">Room for 4,096 bytes.</param>
    /// <param name="header">
    /// Of a headless frame: room for 64 bytes; else empty, the frame begins with it.
    /// </param>
    /// <exception cref="IOException">It could not be read whole.</exception>
    ValueTask ReadAsync(SpillPlace place, Memory<byte> frame, Memory<byte> header);
}
