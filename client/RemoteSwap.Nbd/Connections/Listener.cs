using System.Net;
using System.Net.Sockets;

namespace RemoteSwap.Nbd.Connections;

/// <summary>
/// Accepts connections on one socket. A Unix socket's file that nobody listens on any more is replaced; the own one is
/// deleted at the end.
/// <para>Locks: none.</para>
/// </summary>
internal sealed class Listener : IAsyncDisposable
{
    private const int Backlog = 64;

    // A system that is short of descriptors is asked again after this.
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket;
    private readonly string? _file;
    private readonly Action<Socket> _accepted;
    private readonly Action<string> _log;
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _accepting;

    /// <summary>Takes over a socket that listens.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="file">The file to delete at the end, if any.</param>
    /// <param name="accepted">Takes each connection; must not wait.</param>
    /// <param name="log">Takes lines, from any thread.</param>
    public Listener(Socket socket, string? file, Action<Socket> accepted, Action<string> log)
    {
        _socket = socket;
        _file = file;
        _accepted = accepted;
        _log = log;
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens, with the port that was given.</summary>
    public EndPoint LocalEndPoint => _socket.LocalEndPoint!;

    /// <summary>Begins to listen.</summary>
    /// <exception cref="SocketException">The address can not be had.</exception>
    public static Listener Open(EndPoint endPoint, Action<Socket> accepted, Action<string> log)
    {
        string? file = endPoint is UnixDomainSocketEndPoint unix && unix.ToString() is ['/', ..] path ? path : null;
        if (file is not null && IsLeftBehind(endPoint, file))
        {
            File.Delete(file);
        }

        Socket socket = new(endPoint.AddressFamily, SocketType.Stream, Protocol(endPoint));
        try
        {
            socket.Bind(endPoint);
            socket.Listen(Backlog);
            return new Listener(socket, file, accepted, log);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _accepting.ConfigureAwait(false);
        _socket.Dispose();
        _closing.Dispose();
        if (_file is not null)
        {
            File.Delete(_file);
        }
    }

    private static ProtocolType Protocol(EndPoint endPoint) =>
        endPoint.AddressFamily == AddressFamily.Unix ? ProtocolType.Unspecified : ProtocolType.Tcp;

    private static bool IsLeftBehind(EndPoint endPoint, string file)
    {
        if (!File.Exists(file))
        {
            return false;
        }

        using Socket probe = new(endPoint.AddressFamily, SocketType.Stream, Protocol(endPoint));
        try
        {
            probe.Connect(endPoint);
            return false;
        }
        catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
        {
            // A plain file refuses too; one with something in it is not deleted.
            return new FileInfo(file).Length == 0;
        }
    }

    private async Task AcceptAsync()
    {
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                _accepted(await _socket.AcceptAsync(_closing.Token).ConfigureAwait(false));
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException failure)
            {
                _log($"accepting failed: {failure.Message}");
                await Task.Delay(s_pause).ConfigureAwait(false);
            }
        }
    }
}
