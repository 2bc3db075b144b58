using System.Buffers;
using System.Buffers.Binary;
using Grpc.Core;
using RemoteSwap.Wire.Http2;

namespace RemoteSwap.Client.Http2;

/// <summary>
/// Cuts the bytes of a stream into gRPC's messages (one byte that says whether it is compressed, four of length, the
/// message: "Length-Prefixed-Message" of gRPC over HTTP/2). A message that lies in one frame is handed out where it
/// lies; one of several is put together in a rented buffer. One user.
/// </summary>
internal sealed class MessageAssembly : IDisposable
{
    /// <summary>Bytes before a message.</summary>
    public const int PrefixBytes = 5;

    private readonly byte[] _prefix = new byte[PrefixBytes];
    private ReadOnlyMemory<byte> _payload;
    private byte[] _whole = [];
    private int _prefixBytes;
    private int _bytes;
    private int _length;

    /// <summary>Whether a message has begun that is not whole.</summary>
    public bool IsInside => _prefixBytes > 0 || !_payload.IsEmpty;

    /// <summary>Adds what a frame brought; what the last one brought has been taken.</summary>
    /// <param name="payload">Its bytes; used until they are taken.</param>
    public void Add(ReadOnlyMemory<byte> payload) => _payload = payload;

    /// <summary>Takes the next message if it is whole.</summary>
    /// <param name="message">The message, until the next call.</param>
    /// <exception cref="ProtocolBreach">It is compressed.</exception>
    /// <exception cref="RpcException">It is longer than <see cref="WireLimits.MaxMessageBytes"/>.</exception>
    public bool TryTake(out ReadOnlyMemory<byte> message)
    {
        message = default;
        if (_prefixBytes == 0 && _payload.Length >= PrefixBytes)
        {
            int length = ReadPrefix(_payload.Span);
            if (_payload.Length - PrefixBytes >= length)
            {
                message = _payload.Slice(PrefixBytes, length);
                _payload = _payload[(PrefixBytes + length)..];
                return true;
            }
        }

        return !_payload.IsEmpty && TryAssemble(out message);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_whole.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_whole);
            _whole = [];
        }
    }

    private bool TryAssemble(out ReadOnlyMemory<byte> message)
    {
        message = default;
        if (_prefixBytes < PrefixBytes)
        {
            int taken = Math.Min(PrefixBytes - _prefixBytes, _payload.Length);
            Take(taken).CopyTo(_prefix.AsSpan(_prefixBytes));
            _prefixBytes += taken;
            if (_prefixBytes < PrefixBytes)
            {
                return false;
            }

            _length = ReadPrefix(_prefix);
            _bytes = 0;
        }

        int more = Math.Min(_length - _bytes, _payload.Length);
        EnsureRoom(_bytes + more);
        Take(more).CopyTo(_whole.AsSpan(_bytes));
        _bytes += more;
        if (_bytes < _length)
        {
            return false;
        }

        message = _whole.AsMemory(0, _length);
        _prefixBytes = 0;
        return true;
    }

    // Grows with what has come, not with what is announced: a prefix alone costs its sender nothing.
    private void EnsureRoom(int bytes)
    {
        if (_whole.Length >= bytes)
        {
            return;
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(bytes, Math.Min(_length, _whole.Length * 2)));
        _whole.AsSpan(0, _bytes).CopyTo(larger);
        Dispose();
        _whole = larger;
    }

    private ReadOnlySpan<byte> Take(int bytes)
    {
        ReadOnlySpan<byte> taken = _payload.Span[..bytes];
        _payload = _payload[bytes..];
        return taken;
    }

    private static int ReadPrefix(ReadOnlySpan<byte> prefix)
    {
        uint length = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
        if (prefix[0] != 0)
        {
            throw new ProtocolBreach(Http2Error.Protocol, "a message is compressed, and no compression was offered");
        }

        if (length > WireLimits.MaxMessageBytes)
        {
            throw new RpcException(new Status(
                StatusCode.ResourceExhausted,
                $"a message of the server's has {length} bytes, and {WireLimits.MaxMessageBytes} is the maximum"));
        }

        return (int)length;
    }
}
