using System.Text;
using RemoteSwap.Wire.Http2;

namespace RemoteSwap.Server.Tests.Direct;

/// <summary>A head, read or to be written.</summary>
internal sealed class RawHead : IHeaderSink
{
    public const string Exchange = "/remoteswap.v1.PageStoreService/Exchange";

    public List<(string Name, string Value)> Fields { get; } = [];

    public string? this[string name] => Fields.FirstOrDefault(field => field.Name == name).Value;

    public static RawHead Read(byte[] block)
    {
        RawHead head = new();
        Assert.True(HeaderDecoder.TryRead(block, ref head));
        return head;
    }

    /// <summary>The head of a gRPC call.</summary>
    public static (string Name, string Value)[] Call(string path = Exchange, string scheme = "http") =>
    [
        (":method", "POST"), (":scheme", scheme), (":path", path), (":authority", "localhost"),
        ("content-type", "application/grpc"), ("te", "trailers"),
    ];

    public static byte[] Write(params (string Name, string Value)[] fields)
    {
        byte[] room = new byte[1 << 20];
        HeaderEncoder encoder = new(room);
        foreach ((string name, string value) in fields)
        {
            Assert.True(encoder.TryWrite(Encoding.Latin1.GetBytes(name), Encoding.Latin1.GetBytes(value)));
        }

        return room[..encoder.Length];
    }

    public void Take(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value) =>
        Fields.Add((Encoding.Latin1.GetString(name), Encoding.Latin1.GetString(value)));
}
