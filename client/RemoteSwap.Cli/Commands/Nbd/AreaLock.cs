using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using RemoteSwap.Cli.Addressing;
using RemoteSwap.Cli.App;

namespace RemoteSwap.Cli.Commands.Nbd;

/// <summary>
/// Keeps a second device of this machine from an area: two devices on one area give each other's pages to their guests,
/// and nobody notices. A lock on a file that is named after the area; it ends with the process, however that ends.
/// <para>
/// What it is not: a lock on the server. A device on another machine, or one that names the server differently, is not
/// kept out.
/// </para>
/// </summary>
internal sealed class AreaLock : IDisposable
{
    private const int NameBytes = 8;
    private readonly FileStream _file;

    private AreaLock(FileStream file) => _file = file;

    /// <summary>Takes an area.</summary>
    /// <exception cref="CommandFailedException">Another device has it.</exception>
    public static AreaLock Take(ServerUri server, uint area)
    {
        string what = string.Create(
            CultureInfo.InvariantCulture, $"{server.WithTenant(server.TenantOrDefault)}#{area}");
        string name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(what)).AsSpan(0, NameBytes));
        string path = Path.Combine(Path.GetTempPath(), $"remoteswap-area-{name}.lock");
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
