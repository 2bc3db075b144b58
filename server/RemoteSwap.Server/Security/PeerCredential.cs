using System.Buffers.Binary;
using System.Net.Sockets;
using RemoteSwap.Server.Access;

namespace RemoteSwap.Server.Security;

/// <summary>
/// A user of this machine on a Unix socket. The system says which one (SO_PEERCRED, unix(7)): the one that connected,
/// at that moment; nothing that the peer sends can change it. It counts as long as the connection stands.
/// </summary>
internal sealed class PeerCredential(Caller caller) : ICredential
{
    // <asm-generic/socket.h>; struct ucred is pid, uid and gid, four bytes each.
    private const int SolSocket = 1;
    private const int SoPeerCred = 17;
    private const int CredentialBytes = 12;
    private const int UserAt = 4;

    /// <inheritdoc/>
    public Caller Caller => caller;

    /// <summary>Asks the system who is at the other end.</summary>
    /// <returns>The user's number; null: the system does not say.</returns>
    public static uint? UserOf(Socket socket)
    {
        Span<byte> credential = stackalloc byte[CredentialBytes];
        try
        {
            int bytes = socket.GetRawSocketOption(SolSocket, SoPeerCred, credential);
            return bytes != CredentialBytes ? null
                : BitConverter.IsLittleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(credential[UserAt..])
                : BinaryPrimitives.ReadUInt32BigEndian(credential[UserAt..]);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public AccessDenial? Check(SecurityState state, DateTimeOffset now) => null;
}
