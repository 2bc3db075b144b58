using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace RemoteSwap.Nbd.Tests.Support;

/// <summary>A client that says what it is told to, byte by byte, right or wrong.</summary>
internal sealed class WireClient(Socket socket) : IAsyncDisposable
{
    private static readonly TimeSpan s_liveness = TimeSpan.FromSeconds(20);

    private Stream _stream = new NetworkStream(socket, ownsSocket: true);

    public static async Task<WireClient> ConnectAsync(EndPoint endPoint)
    {
        Socket socket = new(
            endPoint.AddressFamily,
            SocketType.Stream,
            endPoint is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified);
        await socket.ConnectAsync(endPoint);
        return new WireClient(socket);
    }

    public async Task SendAsync(byte[] bytes) => await _stream.WriteAsync(bytes).AsTask().WaitAsync(s_liveness);

    /// <summary>Sends, and takes it that the server may have closed already.</summary>
    public async Task TrySendAsync(byte[] bytes)
    {
        try
        {
            await SendAsync(bytes);
        }
        catch (IOException)
        {
            // What counts is how the server is afterwards.
        }
    }

    public async Task<byte[]> ReceiveAsync(int count)
    {
        byte[] bytes = new byte[count];
        await _stream.ReadExactlyAsync(bytes).AsTask().WaitAsync(s_liveness);
        return bytes;
    }

    /// <summary>Whether the server has ended the connection; what it sends before is left out.</summary>
    public async Task AssertEndAsync()
    {
        byte[] bytes = new byte[4096];
        using CancellationTokenSource bound = new(s_liveness);
        try
        {
            while (await _stream.ReadAsync(bytes, bound.Token) > 0)
            {
            }
        }
        catch (IOException)
        {
            // A reset is an end too.
        }
    }

    public void EndSending() => socket.Shutdown(SocketShutdown.Send);

    /// <summary>Takes the greeting and answers with flags.</summary>
    public async Task<byte[]> GreetAsync(uint flags = 3)
    {
        byte[] greeting = await ReceiveAsync(18);
        await SendAsync(WireBytes.U32(flags));
        return greeting;
    }

    public Task SendOptionAsync(uint option, byte[] data) => SendAsync(WireBytes.Option(option, data));

    public async Task<OptionReply> OptionReplyAsync()
    {
        byte[] header = await ReceiveAsync(20);
        Assert.Equal(0x3e889045565a9ul, BinaryPrimitives.ReadUInt64BigEndian(header));
        int length = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(16));
        return new OptionReply(
            BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(8)),
            BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(12)),
            await ReceiveAsync(length));
    }

    /// <summary>Sends an option and takes its only reply.</summary>
    public async Task<OptionReply> AskAsync(uint option, byte[] data)
    {
        await SendOptionAsync(option, data);
        OptionReply reply = await OptionReplyAsync();
        Assert.Equal(option, reply.Option);
        return reply;
    }

    public async Task AckAsync(uint option, byte[] data) =>
        Assert.Equal(Rep.Ack, (await AskAsync(option, data)).Type);

    /// <summary>NBD_OPT_GO or another option with several replies: all of them up to the last.</summary>
    public async Task<List<OptionReply>> AskAllAsync(uint option, byte[] data)
    {
        await SendOptionAsync(option, data);
        List<OptionReply> replies = [];
        do
        {
            replies.Add(await OptionReplyAsync());
        }
        while (replies[^1].Type != Rep.Ack && replies[^1].Type < 0x80000000);

        return replies;
    }

    public async Task GoAsync(string name = "")
    {
        List<OptionReply> replies = await AskAllAsync(7, WireBytes.Info(name));
        Assert.Equal(Rep.Ack, replies[^1].Type);
    }

    public async Task StartTlsAsync()
    {
        SslStream tls = new(_stream);
        _stream = tls;
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                certificate is not null && certificate.GetCertHashString() == TestCertificate.Certificate.Thumbprint,
        }).WaitAsync(s_liveness);
    }

    public Task SendAsync(
        int command, ulong offset, uint length, ulong cookie = 1, int flags = 0, byte[]? payload = null) =>
        SendAsync(WireBytes.Join(WireBytes.Request(command, offset, length, cookie, flags), payload ?? []));

    public async Task<Reply> SimpleReplyAsync(int dataBytes = 0)
    {
        byte[] header = await ReceiveAsync(16);
        Assert.Equal(0x67446698u, BinaryPrimitives.ReadUInt32BigEndian(header));
        uint error = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4));
        return new Reply(
            error,
            BinaryPrimitives.ReadUInt64BigEndian(header.AsSpan(8)),
            error == 0 ? await ReceiveAsync(dataBytes) : []);
    }

    /// <summary>Sends a request and takes its simple reply's error.</summary>
    public async Task<uint> ErrorOfAsync(
        int command, ulong offset, uint length, int flags = 0, byte[]? payload = null, int dataBytes = 0)
    {
        await SendAsync(command, offset, length, cookie: 4711, flags, payload);
        Reply reply = await SimpleReplyAsync(dataBytes);
        Assert.Equal(4711ul, reply.Cookie);
        return reply.Error;
    }

    public async Task<Chunk> ChunkAsync()
    {
        byte[] header = await ReceiveAsync(20);
        Assert.Equal(0x668e33efu, BinaryPrimitives.ReadUInt32BigEndian(header));
        return new Chunk(
            BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(4)),
            BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(6)),
            BinaryPrimitives.ReadUInt64BigEndian(header.AsSpan(8)),
            await ReceiveAsync(BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(16))));
    }

    /// <summary>All chunks of one structured reply.</summary>
    public async Task<List<Chunk>> ChunksAsync()
    {
        List<Chunk> chunks = [];
        do
        {
            chunks.Add(await ChunkAsync());
        }
        while (!chunks[^1].IsDone);

        Assert.Single(chunks.Select(chunk => chunk.Cookie).Distinct());
        return chunks;
    }

    /// <summary>The error and text of a structured error.</summary>
    public async Task<(uint Error, string Text)> StructuredErrorAsync()
    {
        Chunk chunk = Assert.Single(await ChunksAsync());
        Assert.Equal(0x8001, chunk.Type);
        int length = BinaryPrimitives.ReadUInt16BigEndian(chunk.Data.AsSpan(4));
        Assert.Equal(chunk.Data.Length, 6 + length);
        return (BinaryPrimitives.ReadUInt32BigEndian(chunk.Data), Encoding.UTF8.GetString(chunk.Data.AsSpan(6)));
    }

    public async ValueTask DisposeAsync() => await _stream.DisposeAsync();
}
