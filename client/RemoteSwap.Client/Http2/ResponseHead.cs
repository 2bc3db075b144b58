using System.Buffers.Text;
using System.Text;
using RemoteSwap.Wire.Http2;

namespace RemoteSwap.Client.Http2;

/// <summary>
/// What the server's heads say, the response's and the trailers': of all fields only those that decide about the call
/// (gRPC over HTTP/2, "Responses"). One user.
/// </summary>
internal sealed class ResponseHead : IHeaderSink
{
    private const int FirstFinalStatus = 200;

    // What a server says is quoted, but not without end.
    private const int MaxWordsBytes = 8 << 10;
    private const int EscapeBytes = 3;

    /// <summary>The HTTP status; 0: none came.</summary>
    public int HttpStatus { get; private set; }

    /// <summary>Whether the response is one of gRPC.</summary>
    public bool IsGrpc { get; private set; }

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
        if (!HeaderDecoder.TryRead(block, ref self))
        {
            throw new ProtocolBreach(Http2Error.Compression, "a head of the server's can not be read");
        }

        if (HttpStatus == 0)
        {
            throw new ProtocolBreach(Http2Error.Protocol, "the server's response has no status");
        }
    }

    /// <inheritdoc/>
    public void Take(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (name.SequenceEqual(":status"u8))
        {
            HttpStatus = NumberIn(value) ?? 0;
        }
        else if (name.SequenceEqual("content-type"u8))
        {
            IsGrpc = value.StartsWith("application/grpc"u8);
            ContentType = Encoding.Latin1.GetString(value[..Math.Min(value.Length, MaxWordsBytes)]);
        }
        else if (name.SequenceEqual("grpc-status"u8))
        {
            GrpcStatus = NumberIn(value) ?? (int)Grpc.Core.StatusCode.Unknown;
        }
        else if (name.SequenceEqual("grpc-message"u8))
        {
            GrpcMessage = Unescape(value[..Math.Min(value.Length, MaxWordsBytes)]);
        }
    }

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
