using System.Buffers.Binary;
using System.Net.Sockets;
using Google.Protobuf;
using RemoteSwap.Server.Direct;
using RemoteSwap.V1;
using RemoteSwap.Wire.Http2;

namespace RemoteSwap.Server.Tests.Direct;

/// <summary>
/// The other end of a direct connection, made by hand: it sends any frames in any pieces, and keeps what comes.
/// </summary>
internal sealed class RawClient(Stream line) : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly MemoryStream _body = new();
    private readonly SemaphoreSlim _writing = new(1, 1);
    private long _streamCredit = 65_535;
    private long _connectionCredit = 65_535;
    private int _bodyRead;

    /// <summary>The windows of the client: so many bytes are granted as come.</summary>
    public bool Grants { get; init; } = true;

    public RawHead? Head { get; private set; }

    public RawHead? Trailers { get; private set; }

    public bool IsEnded { get; private set; }

    public Http2Error? ResetCode { get; private set; }

    public Http2Error? GoAwayCode { get; private set; }

    public bool IsClosed { get; private set; }

    public long BodyBytes => _body.Length;

    public List<RawFrame> Frames { get; } = [];

    public string? Status => Trailers?["grpc-status"] ?? Head?["grpc-status"];

    public static async Task<RawClient> ConnectAsync(Uri server, bool grants = true)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server.Host, server.Port);
        return new RawClient(new NetworkStream(socket, ownsSocket: true)) { Grants = grants };
    }

    /// <summary>Connects, and opens with the usual settings.</summary>
    public static async Task<RawClient> OpenAsync(TestServer server, bool grants = true)
    {
        RawClient client = await ConnectAsync(server.Server.GrpcAddress, grants);
        await client.WriteAsync(Opening());
        return client;
    }

    /// <summary>Connects and opens a call.</summary>
    public static async Task<RawClient> CallAsync(TestServer server, string path = RawHead.Exchange)
    {
        RawClient client = await OpenAsync(server);
        await client.SendHeadAsync(RawHead.Call(path));
        return client;
    }

    public static byte[] Opening(params (Http2Setting Setting, uint Value)[] settings) =>
        [.. Http2Wire.Preface, .. Frame(
            FrameType.Settings, FrameFlags.None, 0, Settings([(Http2Setting.SingleStream, 1), .. settings]))];

    public static byte[] Settings(params (Http2Setting Setting, uint Value)[] settings)
    {
        byte[] payload = new byte[settings.Length * 6];
        for (int i = 0; i < settings.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(payload.AsSpan(i * 6), (ushort)settings[i].Setting);
            BinaryPrimitives.WriteUInt32BigEndian(payload.AsSpan((i * 6) + 2), settings[i].Value);
        }

        return payload;
    }

    public static byte[] Number(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    public static byte[] Frame(FrameType type, FrameFlags flags, int stream, byte[] payload)
    {
        byte[] frame = new byte[FrameHeader.Bytes + payload.Length];
        new FrameHeader(payload.Length, type, flags, stream).Write(frame);
        payload.CopyTo(frame, FrameHeader.Bytes);
        return frame;
    }

    public async Task WriteAsync(byte[] bytes)
    {
        await _writing.WaitAsync();
        await line.WriteAsync(bytes);
        await line.FlushAsync();
        _writing.Release();
    }

    public Task SendAsync(FrameType type, FrameFlags flags, int stream, byte[] payload) =>
        WriteAsync(Frame(type, flags, stream, payload));

    public Task SendHeadAsync((string Name, string Value)[] fields, bool isAll = false) => SendAsync(
        FrameType.Headers,
        isAll ? FrameFlags.EndHeaders | FrameFlags.EndStream : FrameFlags.EndHeaders,
        1,
        RawHead.Write(fields));

    public Task SendDataAsync(byte[] bytes, bool isLast = false) =>
        SendAsync(FrameType.Data, isLast ? FrameFlags.EndStream : FrameFlags.None, 1, bytes);

    /// <summary>Sends requests, each a frame.</summary>
    public async Task SendAsync(params ExchangeRequest[] requests)
    {
        foreach (ExchangeRequest request in requests)
        {
            byte[] message = RawCall.Framed(request.ToByteArray());
            for (int at = 0; at < message.Length; at += 100_000)
            {
                await SendDataAsync(message[at..Math.Min(message.Length, at + 100_000)]);
            }
        }
    }

    /// <summary>Sends DATA as the server's windows allow; somebody has to read meanwhile.</summary>
    public async Task SendWithinWindowsAsync(byte[] bytes)
    {
        while (Math.Min(Volatile.Read(ref _streamCredit), Volatile.Read(ref _connectionCredit)) < bytes.Length)
        {
            await Task.Delay(1);
        }

        Interlocked.Add(ref _streamCredit, -bytes.Length);
        Interlocked.Add(ref _connectionCredit, -bytes.Length);
        await SendDataAsync(bytes);
    }

    /// <summary>Reads frames until one of them will do.</summary>
    /// <returns>It; null: the server has closed the line.</returns>
    public async Task<RawFrame?> ReadUntilAsync(Func<RawFrame, bool> isIt)
    {
        while (await ReadAsync() is { } frame)
        {
            if (isIt(frame))
            {
                return frame;
            }
        }

        return null;
    }

    /// <summary>Reads to the end of the stream or of the connection.</summary>
    public Task<RawFrame?> ReadToEndAsync() =>
        ReadUntilAsync(_ => IsEnded || ResetCode is not null || GoAwayCode > Http2Error.None);

    /// <summary>The next message.</summary>
    public async Task<ExchangeResponse> ReadMessageAsync()
    {
        while (true)
        {
            if (TryTakeMessage() is { } message)
            {
                return message;
            }

            Assert.NotNull(await ReadAsync());
        }
    }

    public List<ExchangeResponse> TakeMessages()
    {
        List<ExchangeResponse> messages = [];
        while (TryTakeMessage() is { } message)
        {
            messages.Add(message);
        }

        return messages;
    }

    public async Task<RawFrame?> ReadAsync()
    {
        using CancellationTokenSource patience = new(s_patience);
        byte[] header = new byte[FrameHeader.Bytes];
        RawFrame? frame = null;
        try
        {
            if (await line.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, patience.Token)
                == header.Length)
            {
                FrameHeader read = FrameHeader.Read(header);
                frame = new RawFrame(read, new byte[read.Length]);
                await line.ReadExactlyAsync(frame.Payload, patience.Token);
            }
        }
        catch (IOException)
        {
            frame = null;
        }

        IsClosed = frame is null;
        if (frame is not null)
        {
            Frames.Add(frame);
            await TakeAsync(frame);
        }

        return frame;
    }

    /// <summary>All that comes until the line ends, as text.</summary>
    public async Task<string> ReadTextAsync()
    {
        using StreamReader reader = new(line, leaveOpen: true);
        return await reader.ReadToEndAsync();
    }

    public ValueTask DisposeAsync()
    {
        _writing.Dispose();
        return line.DisposeAsync();
    }

    private async Task TakeAsync(RawFrame frame)
    {
        switch (frame.Type)
        {
            case FrameType.Headers when Head is null:
                Head = RawHead.Read(frame.Payload);
                break;
            case FrameType.Headers:
                Trailers = RawHead.Read(frame.Payload);
                break;
            case FrameType.Data:
                _body.Write(frame.Payload);
                await (Grants && frame.Payload.Length > 0 ? GrantAsync(frame.Payload.Length) : Task.CompletedTask);
                break;
            case FrameType.Settings when !frame.IsAnswer:
                Interlocked.Add(ref _streamCredit, DirectLimits.WindowBytes - Http2Wire.DefaultWindowBytes);
                break;
            case FrameType.WindowUpdate when frame.Header.Stream == 0:
                Interlocked.Add(ref _connectionCredit, frame.Number);
                break;
            case FrameType.WindowUpdate:
                Interlocked.Add(ref _streamCredit, frame.Number);
                break;
            case FrameType.ResetStream:
                ResetCode = frame.Code;
                break;
            case FrameType.GoAway:
                GoAwayCode = frame.Code;
                break;
            default:
                break;
        }

        IsEnded |= frame.Type is FrameType.Headers or FrameType.Data && frame.Header.Has(FrameFlags.EndStream);
    }

    /// <summary>Grants the server more of the connection's window, and of the stream's.</summary>
    public async Task GrantAsync(int bytes, bool isOfStream = true)
    {
        await SendAsync(FrameType.WindowUpdate, FrameFlags.None, 0, Number((uint)bytes));
        if (isOfStream)
        {
            await SendAsync(FrameType.WindowUpdate, FrameFlags.None, 1, Number((uint)bytes));
        }
    }

    private ExchangeResponse? TryTakeMessage()
    {
        ReadOnlySpan<byte> rest = _body.GetBuffer().AsSpan(_bodyRead, (int)_body.Length - _bodyRead);
        if (rest.Length < RawCall.PrefixBytes)
        {
            return null;
        }

        int bytes = BinaryPrimitives.ReadInt32BigEndian(rest[1..]);
        if (rest.Length < RawCall.PrefixBytes + bytes)
        {
            return null;
        }

        _bodyRead += RawCall.PrefixBytes + bytes;
        return ExchangeResponse.Parser.ParseFrom(rest.Slice(RawCall.PrefixBytes, bytes));
    }
}
