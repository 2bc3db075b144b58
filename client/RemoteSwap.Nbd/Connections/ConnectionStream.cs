using System.Net.Security;

namespace RemoteSwap.Nbd.Connections;

/// <summary>
/// The two directions of a connection, without TLS or, from a point of the handshake on, with it. It owns the
/// transport; cutting that is how waiting reads and writes are ended, since a token for each would cost more than most
/// requests.
/// <para>
/// One reader and one writer at a time. <see cref="Cut"/> may be called by anyone, at any time, more than once.
/// </para>
/// </summary>
internal sealed class ConnectionStream : IAsyncDisposable
{
    private readonly Stream _transport;
    private Stream _stream;

    /// <summary>Takes over a transport.</summary>
    public ConnectionStream(Stream transport)
    {
        _transport = transport;
        _stream = transport;
        Input = new WireInput(transport);
    }

    /// <summary>What comes in.</summary>
    public WireInput Input { get; }

    /// <summary>Whether TLS is on.</summary>
    public bool IsTls { get; private set; }

    /// <summary>Sends.</summary>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes) => _stream.WriteAsync(bytes);

    /// <summary>
    /// Waits a moment for bytes that are on their way, on this thread; with TLS not at all, since they may be there and
    /// not be seen.
    /// </summary>
    public void AwaitShortly()
    {
        if (!IsTls && _transport is SocketStream socket)
        {
            socket.AwaitShortly();
        }
    }

    /// <summary>Begins TLS as the server.</summary>
    /// <exception cref="InvalidDataException">Plain bytes came behind the option; nobody knows from whom.</exception>
    public async Task StartTlsAsync(SslServerAuthenticationOptions options, CancellationToken ct)
    {
        if (Input.Buffered > 0)
        {
            throw new InvalidDataException("bytes came between NBD_OPT_STARTTLS and the TLS handshake");
        }

        SslStream tls = new(_transport, leaveInnerStreamOpen: true);
        _stream = tls;
        await tls.AuthenticateAsServerAsync(options, ct).ConfigureAwait(false);
        Input.Restart(tls);
        IsTls = true;
    }

    /// <summary>Says that no more is sent, TLS before its transport; what has been sent arrives.</summary>
    public async Task FinishAsync()
    {
        if (_stream is SslStream tls)
        {
            await tls.ShutdownAsync().ConfigureAwait(false);
        }

        await _transport.FlushAsync().ConfigureAwait(false);
        if (_transport is SocketStream socket)
        {
            socket.EndSending();
        }
    }

    /// <summary>Ends both directions at once; whoever waits gets an exception.</summary>
    public void Cut() => _transport.Dispose();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Cut();
        await _stream.DisposeAsync().ConfigureAwait(false);
    }
}
