using System.Buffers.Text;
using System.Text;
using Grpc.Core;
using RemoteSwap.Wire.Http2;

namespace RemoteSwap.Client.Http2;

/// <summary>
/// What the server's heads say, the response's and the trailers': of all fields only those that decide about the call
/// (gRPC over HTTP/2, "Responses"). One user.
/// </summary>
internal sealed class ResponseHead : IHeaderSink
{
    private const int FirstStatus = 100;
    private const int FirstFinalStatus = 200;
    private const int LastStatus = 599;

    // What a server says is quoted, but not without end.
    private const int MaxWordsBytes = 8 << 10;
    private const int EscapeBytes = 3;

    private int _status;

    private static ReadOnlySpan<byte> GrpcType => "application/grpc"u8;

    /// <summary>The HTTP status; 0: none came.</summary>
    public int HttpStatus { get; private set; }

    /// <summary>Whether the response is one of gRPC.</summary>
    public bool IsGrpc { get; private set; }

    /// <summary>Whether messages may follow.</summary>
    public bool BringsMessages => IsGrpc && HttpStatus == FirstFinalStatus;

    /// <summary>What it is instead, if it is not.</summary>
    public string ContentType { get; private set; } = "";

    /// <summary>gRPC's status; null: none came.</summary>
    public int? GrpcStatus { get; private set; }

    /// <summary>gRPC's words to it.</summary>
    public string GrpcMessage { get; private set; } = "";

    /// <summary>Whether the response itself has begun, and not only an announcement of it (1xx).</summary>
    public bool HasBegun => HttpStatus >= FirstFinalStatus;

    /// <summary>Reads a head, or trailers.</summary>
    /// <exception cref="ProtocolBreach">It can not be read, or is none.</exception>
    public void Read(ReadOnlySpan<byte> block)
    {
        ResponseHead self = this;
        _status = 0;
        if (!HasBegun)
        {
            // What an announcement said counts for nothing.
            IsGrpc = false;
            ContentType = "";
            GrpcStatus = null;
            GrpcMessage = "";
        }

        if (!HeaderDecoder.TryRead(block, ref self))
        {
            throw new ProtocolBreach(Http2Error.Compression, "a head of the server's can not be read");
        }

        // Trailers have none, all others one (RFC 9113, section 8.3.2).
        if (HasBegun ? _status != 0 : _status is < FirstStatus or > LastStatus)
        {
            throw new ProtocolBreach(
                Http2Error.Protocol,
                HasBegun ? "the server's trailers have a status" : "the server's response has no status");
        }

        HttpStatus = HasBegun ? HttpStatus : _status;
    }

    /// <inheritdoc/>
    public void Take(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (name.SequenceEqual(":status"u8))
        {
            _status = NumberIn(value) ?? LastStatus + 1;
        }
        else if (name.SequenceEqual("content-type"u8) && !HasBegun)
        {
            IsGrpc = IsGrpcType(value);
            ContentType = Encoding.Latin1.GetString(value[..Math.Min(value.Length, MaxWordsBytes)]);
        }
        else if (name.SequenceEqual("grpc-status"u8))
        {
            GrpcStatus = NumberIn(value) is { } code and >= (int)StatusCode.OK and <= (int)StatusCode.Unauthenticated
                ? code
                : (int)StatusCode.Unknown;
        }
        else if (name.SequenceEqual("grpc-message"u8))
        {
            GrpcMessage = Unescape(value[..Math.Min(value.Length, MaxWordsBytes)]);
        }
    }

    // Not what merely begins so, as application/grpc-web does.
    private static bool IsGrpcType(ReadOnlySpan<byte> value) =>
        value.StartsWith(GrpcType)
        && (value.Length == GrpcType.Length || value[GrpcType.Length] is (byte)'+' or (byte)';');

    private static int? NumberIn(ReadOnlySpan<byte> value) =>
        Utf8Parser.TryParse(value, out int number, out int used) && used == value.Length ? number : null;

    // Percent-encoded UTF-8; what is no escape stands for itself.
    private static string Unescape(ReadOnlySpan<byte> value)
    {
        byte[] plain = new byte[value.Length];
        int bytes = 0;
        for (int i = 0; i < value.Length; i++)
        {
            if (value[i] == '%' && value.Length - i >= EscapeBytes
                && Utf8Parser.TryParse(value.Slice(i + 1, 2), out byte escaped, out int used, 'x') && used == 2)
            {
                plain[bytes++] = escaped;
                i += 2;
            }
            else
            {
                plain[bytes++] = value[i];
            }
        }

        return Encoding.UTF8.GetString(plain, 0, bytes);
    }
}
