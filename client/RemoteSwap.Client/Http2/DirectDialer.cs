using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using RemoteSwap.Client.Security;

namespace RemoteSwap.Client.Http2;

/// <summary>
/// Connects to the server that the options name: over a Unix socket, over TCP, or with TLS, within
/// <see cref="RemoteSwapClientOptions.ConnectTimeout"/>. Never through what the environment calls a proxy.
/// </summary>
/// <param name="options">The connection's options.</param>
/// <param name="ends">Notes how connections end.</param>
internal sealed class DirectDialer(RemoteSwapClientOptions options, SilentEnds ends) : IDialer
{
    private readonly ServerDialer _dialer = new(options, ends);

    /// <inheritdoc/>
    public async ValueTask<Stream> DialAsync(CancellationToken ct)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(options.ConnectTimeout);
        try
        {
            if (ServerAddress.IsUnixSocket(options.Address))
            {
                return await DialSocketFileAsync(options.Address, limit.Token).ConfigureAwait(false);
            }

            DnsEndPoint target = new(options.Address.IdnHost, options.Address.Port);
            return ServerDialer.IsFor(options)
                ? await _dialer.ConnectAsync(target, limit.Token).ConfigureAwait(false)
                : await DialAsync(
                    new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true },
                    target,
                    limit.Token).ConfigureAwait(false);
        }
        catch (SocketException refused)
        {
            throw new IOException($"no connection to {options.Address}: {refused.Message}", refused);
        }
        catch (OperationCanceledException late) when (!ct.IsCancellationRequested)
        {
            throw new IOException($"no connection to {options.Address} within {options.ConnectTimeout}", late);
        }
    }

    /// <summary>Connects to a server that listens on a Unix socket.</summary>
    /// <exception cref="SocketException">Nobody answers.</exception>
    public static ValueTask<Stream> DialSocketFileAsync(Uri address, CancellationToken ct) => DialAsync(
        new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified),
        new UnixDomainSocketEndPoint(ServerAddress.SocketPath(address)),
        ct);

    [SuppressMessage("Reliability", "CA2000", Justification = "The stream owns the socket.")]
    private static async ValueTask<Stream> DialAsync(Socket socket, EndPoint target, CancellationToken ct)
    {
        try
        {
            await socket.ConnectAsync(target, ct).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
