using System.Buffers.Binary;
using System.Net;
using Google.Protobuf;
using RemoteSwap.V1;

namespace RemoteSwap.Server.Tests.Support;

/// <summary>
/// A stream made by hand: all requests are written, in pieces of any size, before a reply is read; so each is under way
/// while the others are.
/// </summary>
internal sealed class ExchangeScript
{
    public const string Method = "/remoteswap.v1.PageStoreService/Exchange";

    private readonly List<byte> _body = [];
    private ulong _lastId;

    public ulong Add(StoreRequest store) => Add(new ExchangeRequest { Store = store });

    public ulong Add(LoadRequest load) => Add(new ExchangeRequest { Load = load });

    public ulong Add(InvalidateRequest invalidate) => Add(new ExchangeRequest { Invalidate = invalidate });

    public ulong Add(PingRequest ping) => Add(new ExchangeRequest { Ping = ping });

    /// <summary>Adds a request and gives it an id.</summary>
    public ulong Add(ExchangeRequest request)
    {
        request.RequestId = ++_lastId;
        AddBytes(RawCall.Framed(request.ToByteArray()));
        return _lastId;
    }

    /// <summary>Adds any bytes.</summary>
    public void AddBytes(byte[] bytes) => _body.AddRange(bytes);

    /// <summary>Sends everything and half-closes.</summary>
    /// <param name="server">The server.</param>
    /// <param name="pieces">The sizes in which the body is written, over and over; none: all at once.</param>
    public async Task<ExchangeReplies> RunAsync(TestServer server, params int[] pieces)
    {
        using PiecesContent content = new([.. _body], pieces);
        (int status, byte[] replies) = await RawCall.PostAsync(server.Server.GrpcAddress, Method, content);
        ExchangeReplies result = new() { Status = status };
        for (int at = 0; at < replies.Length;)
        {
            int bytes = BinaryPrimitives.ReadInt32BigEndian(replies.AsSpan(at + 1));
            at += RawCall.PrefixBytes;
            ExchangeResponse response = ExchangeResponse.Parser.ParseFrom(replies.AsSpan(at, bytes));
            result.InOrder.Add(response);
            at += bytes;
        }

        return result;
    }

    private sealed class PiecesContent(byte[] body, int[] pieces) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            int at = 0;
            for (int piece = 0; at < body.Length; piece++)
            {
                int bytes = pieces.Length == 0 ? body.Length : pieces[piece % pieces.Length];
                bytes = Math.Min(bytes, body.Length - at);
                await stream.WriteAsync(body.AsMemory(at, bytes));
                await stream.FlushAsync();
                at += bytes;
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
