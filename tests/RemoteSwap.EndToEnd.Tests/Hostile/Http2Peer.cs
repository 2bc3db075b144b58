using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace RemoteSwap.EndToEnd.Tests.Hostile;

/// <summary>
/// A connection whose other end is told frame by frame what to say (RFC 9113): no library would say these things. It
/// answers nothing by itself, not even a ping.
/// </summary>
internal sealed class Http2Peer : IAsyncDisposable
{
    public const byte EndStream = 1;
    public const byte Acknowledgement = 1;
    public const byte EndHeaders = 4;
    public const int MaxFrameBytes = 16 << 10;

    private const int HeaderBytes = 9;
    private const int MaxPrefixed = 127;

    private readonly NetworkStream _stream;

    private Http2Peer(NetworkStream stream) => _stream = stream;

    /// <summary>Connects, and sends the preface with settings: pairs of identifier and value.</summary>
    public static async Task<Http2Peer> ConnectAsync(Uri server, params (ushort Id, uint Value)[] settings)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server.Host, server.Port);
        Http2Peer peer = new(new NetworkStream(socket, ownsSocket: true));
        byte[] payload = new byte[6 * settings.Length];
        for (int i = 0; i < settings.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(payload.AsSpan(6 * i), settings[i].Id);
            BinaryPrimitives.WriteUInt32BigEndian(payload.AsSpan((6 * i) + 2), settings[i].Value);
        }

        await peer.SendAsync(Preface(payload));
        return peer;
    }

    /// <summary>What a client says first; a server says nothing before.</summary>
    /// <param name="settings">The payload of the settings.</param>
    public static byte[] Preface(ReadOnlySpan<byte> settings) =>
        [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frame(FrameType.Settings, 0, 0, settings)];

    /// <summary>A frame's bytes.</summary>
    public static byte[] Frame(FrameType type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        byte[] frame = new byte[HeaderBytes + payload.Length];
        frame[0] = (byte)(payload.Length >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(1), (ushort)payload.Length);
        frame[3] = (byte)type;
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame.AsSpan(HeaderBytes));
        return frame;
    }

    /// <summary>The headers of a gRPC call (RFC 7541, section 6.2.2), and more.</summary>
    public static byte[] Call(string path, params (string Name, string Value)[] more) => Block(
    [
        (":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "localhost"),
        ("content-type", "application/grpc"), ("te", "trailers"), .. more,
    ]);

    /// <summary>Headers, written out.</summary>
    public static byte[] Block(params (string Name, string Value)[] headers)
    {
        List<byte> block = [];
        foreach ((string name, string value) in headers)
        {
            block.Add(0);
            AddText(block, name);
            AddText(block, value);
        }

        return [.. block];
    }

    /// <summary>A gRPC message in DATA frames.</summary>
    public static byte[] Data(int stream, ReadOnlySpan<byte> bytes, bool isLast)
    {
        List<byte> frames = [];
        while (bytes.Length > MaxFrameBytes)
        {
            frames.AddRange(Frame(FrameType.Data, 0, stream, bytes[..MaxFrameBytes]));
            bytes = bytes[MaxFrameBytes..];
        }

        frames.AddRange(Frame(FrameType.Data, isLast ? EndStream : (byte)0, stream, bytes));
        return [.. frames];
    }

    /// <summary>Sends bytes.</summary>
    /// <exception cref="IOException">The server has closed.</exception>
    public async Task SendAsync(byte[] bytes, CancellationToken ct = default) => await _stream.WriteAsync(bytes, ct);

    /// <summary>Sends bytes, if the server still takes them.</summary>
    /// <returns>Whether it took them: it has neither closed nor stopped reading for so long.</returns>
    public async Task<bool> TrySendAsync(byte[] bytes, TimeSpan patience)
    {
        using CancellationTokenSource bound = new(patience);
        try
        {
            await SendAsync(bytes, bound.Token);
            return true;
        }
        catch (Exception over) when (over is IOException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Reads a frame; null: the server has closed.</summary>
    public async Task<Http2Frame?> ReadAsync(CancellationToken ct)
    {
        try
        {
            byte[] header = new byte[HeaderBytes];
            await _stream.ReadExactlyAsync(header, ct);
            int length = (header[0] << 16) | BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(1));
            byte[] payload = new byte[length];
            await _stream.ReadExactlyAsync(payload, ct);
            int stream = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(5)) & int.MaxValue;
            return new Http2Frame((FrameType)header[3], header[4], stream, payload);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Reads until a frame fits, or the server closes.</summary>
    /// <returns>Whether one fitted.</returns>
    public async Task<bool> ReadUntilAsync(Predicate<Http2Frame> fits, CancellationToken ct)
    {
        while (await ReadAsync(ct) is { } frame)
        {
            if (fits(frame))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Waits until the server has closed the connection.</summary>
    public async Task EndsAsync(CancellationToken ct) => await ReadUntilAsync(_ => false, ct);

    public async ValueTask DisposeAsync() => await _stream.DisposeAsync();

    private static void AddText(List<byte> block, string text)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(text);
        if (bytes.Length < MaxPrefixed)
        {
            block.Add((byte)bytes.Length);
        }
        else
        {
            // An integer with a prefix of seven bits (RFC 7541, section 5.1).
            block.Add(MaxPrefixed);
            int rest = bytes.Length - MaxPrefixed;
            for (; rest > MaxPrefixed; rest >>= 7)
            {
                block.Add((byte)(rest | 0x80));
            }

            block.Add((byte)rest);
        }

        block.AddRange(bytes);
    }
}
