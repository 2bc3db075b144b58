using RemoteSwap.Privacy;

namespace RemoteSwap.Client.Sealing;

/// <summary>
/// The right to change a ring: a lock on a file beside it, which ends with the process, however that ends. Readers do
/// not need it, because a ring is replaced in one step. Nobody waits for it: changes are rare, and whoever meets
/// another one has to look again what it is that he changes.
/// <para>
/// What it is not: the ring's own file, for that is renamed over, and a lock on a file that has no name any more keeps
/// nobody out. So it stays, empty and its maker's own, where its ring is or was. On file systems without locks it keeps
/// nobody out.
/// </para>
/// </summary>
internal sealed class RingLock : IDisposable
{
    // What a file says that somebody else holds: EAGAIN of Linux, of macOS and BSD, a sharing violation of Windows.
    private static readonly int[] s_held = [11, 35, unchecked((int)0x8007_0020)];

    private readonly FileStream _file;

    private RingLock(FileStream file) => _file = file;

    /// <summary>Takes the right.</summary>
    /// <param name="ringPath">The ring, in a folder that is there.</param>
    /// <exception cref="SealKeyException">Somebody else has it, or the file can not be opened.</exception>
    public static RingLock Take(string ringPath)
    {
        try
        {
            return new RingLock(new FileStream(
                ringPath + ".lock", PrivateFile.Options(FileMode.OpenOrCreate, FileAccess.ReadWrite)));
        }
        catch (IOException held) when (s_held.Contains(held.HResult))
        {
            throw new SealKeyException($"the key ring '{ringPath}' is being changed by somebody else; try again", held);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SealKeyException(
                $"the key ring '{ringPath}' can not be changed: {failure.Message}; '{ringPath}.lock' has to belong to"
                + " the user who changes it, as the ring",
                failure);
        }
    }

    /// <summary>Lets others have it.</summary>
    public void Dispose() => _file.Dispose();
}
