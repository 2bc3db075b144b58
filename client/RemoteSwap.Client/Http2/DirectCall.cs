using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using Grpc.Core;
using RemoteSwap.Credentials;

namespace RemoteSwap.Client.Http2;

/// <summary>
/// A duplex call of gRPC over a direct stream, which is opened when it is first read from. Messages are serialized into
/// what is to be sent, and deserialized where they were received.
/// <para>One reader, and one writer once something has been read; anyone may cancel.</para>
/// </summary>
/// <typeparam name="TRequest">What is sent.</typeparam>
/// <typeparam name="TResponse">What is received.</typeparam>
/// <param name="line">How to get to the server.</param>
/// <param name="method">The method.</param>
/// <param name="ct">Ends the call at once.</param>
internal sealed class DirectCall<TRequest, TResponse>(
    DirectLine line, Method<TRequest, TResponse> method, CancellationToken ct)
    : IClientStreamWriter<TRequest>, IAsyncStreamReader<TResponse>, IDisposable
    where TRequest : class
    where TResponse : class
{
    private readonly OutgoingContext _outgoing = new();
    private readonly IncomingContext _incoming = new();
    private CancellationTokenRegistration _cancelled;
    private DirectStream? _stream;
    private Status? _failure;
    private volatile bool _isDisposed;

    /// <inheritdoc/>
    public TResponse Current { get; private set; } = null!;

    /// <inheritdoc/>
    public WriteOptions? WriteOptions { get; set; }

    /// <summary>How the call ended.</summary>
    /// <exception cref="InvalidOperationException">It has not.</exception>
    public Status Status =>
        _failure ?? _stream?.Status ?? throw new InvalidOperationException("the call is not over");

    /// <inheritdoc/>
    public Task<bool> MoveNext(CancellationToken cancellationToken) => MoveNextAsync().AsTask();

    /// <summary>Reads the next message.</summary>
    /// <returns>Whether there is one; false: the server has ended the call well.</returns>
    /// <exception cref="RpcException">It has ended otherwise; each further call says the same.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> MoveNextAsync()
    {
        if (_failure is { } failed)
        {
            throw new RpcException(failed);
        }

        try
        {
            DirectStream stream = _stream ?? await OpenAsync().ConfigureAwait(false);
            ReadOnlyMemory<byte> message;
            while (!stream.TryTake(out message))
            {
                if (stream.Status is { } status)
                {
                    return status.StatusCode == StatusCode.OK ? false : throw new RpcException(status);
                }

                await stream.ReceiveAsync().ConfigureAwait(false);
            }

            _incoming.Message = message;
            Current = method.ResponseMarshaller.ContextualDeserializer(_incoming);
            return true;
        }
        catch (Exception failure)
        {
            // As of any other call of gRPC, no other kind of exception comes out: a lane knows no other.
            RpcException status = failure as RpcException ?? Failed(failure);
            _failure = status.Status;
            throw status;
        }
    }

    /// <inheritdoc/>
    public Task WriteAsync(TRequest message) =>
        WriteAsync(message, more: WriteOptions?.Flags.HasFlag(WriteFlags.BufferHint) == true).AsTask();

    /// <summary>Writes a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="more">Whether another one follows at once, so that this one may wait for it.</param>
    /// <exception cref="IOException">The connection is broken or over.</exception>
    public ValueTask WriteAsync(TRequest message, bool more)
    {
        DirectStream stream = _stream ?? throw new InvalidOperationException("nothing has been read of the call");
        _outgoing.Begin();
        method.RequestMarshaller.ContextualSerializer(message, _outgoing);
        _outgoing.End();
        return stream.SendAsync(_outgoing.Written, more);
    }

    /// <inheritdoc/>
    public Task CompleteAsync() => _stream?.CompleteAsync().AsTask() ?? Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose()
    {
        _isDisposed = true;
        Interlocked.MemoryBarrier();
        _cancelled.Dispose();
        _stream?.Dispose();
    }

    private async ValueTask<DirectStream> OpenAsync()
    {
        string? credential = line.Token?.Header();
        Stream connection = await line.Dialer.DialAsync(ct).ConfigureAwait(false);
        DirectStream stream = new(connection, line.Time);
        _stream = stream;
        Interlocked.MemoryBarrier();
        if (_isDisposed)
        {
            // While it dialled: nobody else would close the connection.
            stream.Dispose();
        }

        _cancelled = ct.UnsafeRegister(static stream => ((DirectStream)stream!).Abort(), stream);
        await stream.OpenAsync(line.Server, method.FullName, credential).ConfigureAwait(false);
        return stream;
    }

    private static bool IsOfTransport(Exception failure) => failure is
        IOException or SocketException or ObjectDisposedException or OperationCanceledException
        or AuthenticationException or CredentialException;

    private RpcException Failed(Exception thrown)
    {
        if (ct.IsCancellationRequested)
        {
            return new RpcException(new Status(StatusCode.Cancelled, "the call was cancelled", thrown));
        }

        Exception cause = _stream?.CauseOf(thrown) ?? thrown;
        if (cause is ProtocolBreach breach)
        {
            _stream!.Refuse(breach);
        }

        if (_stream is not { HasHeard: true }
            && CredentialException.WordsIn(cause) is null && line.Ends.Refusal is { } refusal)
        {
            cause = refusal;
        }

        return new RpcException(IsOfTransport(thrown)
            ? StreamStatus.Broken(cause)
            : new Status(StatusCode.Internal, cause.Message, cause));
    }
}
