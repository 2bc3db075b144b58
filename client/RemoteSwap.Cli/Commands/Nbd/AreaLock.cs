using RemoteSwap.Cli.Addressing;
using RemoteSwap.Cli.App;

namespace RemoteSwap.Cli.Commands.Nbd;

/// <summary>
/// Keeps a second device of this machine from an area, and from the session file of the first. A lock on a file that is
/// named after the area; it ends with the process, however that ends.
/// <para>
/// What it is not: what keeps devices apart; that is the server's, which knows one owner of an area. This one says it
/// sooner, and keeps a second process from the first one's session.
/// </para>
/// </summary>
internal sealed class AreaLock : IDisposable
{
    private readonly FileStream _file;

    private AreaLock(FileStream file) => _file = file;

    /// <summary>Takes an area.</summary>
    /// <exception cref="CommandFailedException">Another device has it.</exception>
    public static AreaLock Take(ServerUri server, uint area)
    {
        string path = Path.Combine(Path.GetTempPath(), $"remoteswap-area-{AreaFileName.Of(server, area)}.lock");
        try
        {
            return new AreaLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException)
        {
            throw CommandFailedException.Failed(
                $"area {area} of {server} has a device already on this machine (it holds {path}); give this one "
                + "another --area, or stop the other");
        }
    }

    /// <summary>Lets others have it.</summary>
    public void Dispose() => _file.Dispose();
}
