using System.Buffers.Binary;
using System.Text;
using RemoteSwap.Wire.Http2;

namespace RemoteSwap.Client.Http2;

/// <summary>
/// The first bytes of a direct stream's connection, sent in one piece: preface, settings, the connection's window, and
/// the head of the only request. That it will be the only one is among the settings
/// (<see cref="Http2Setting.SingleStream"/>): a server of this project then serves it without its general HTTP/2, any
/// other passes that over.
/// </summary>
internal static class StreamOpening
{
    /// <summary>
    /// What the server may send before it is told more: one message of the largest size, on the stream and on the
    /// connection.
    /// </summary>
    public const int WindowBytes = WireLimits.MaxMessageBytes;

    private const int MostHeadBytes = 8 << 10;

    private static readonly (Http2Setting Setting, int Value)[] s_settings =
    [
        (Http2Setting.SingleStream, 1),
        (Http2Setting.EnablePush, 0),
        (Http2Setting.HeaderTableSize, 0),
        (Http2Setting.InitialWindowSize, WindowBytes),
        (Http2Setting.MaxFrameSize, FrameInput.MostFrameBytes),
        (Http2Setting.MaxHeaderListSize, HeadAssembly.MostBytes),
    ];

    /// <summary>Adds it to what is to be sent.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="server">The server's address.</param>
    /// <param name="path">Service and method: <c>/package.Service/Method</c>.</param>
    /// <param name="credential">What <c>authorization</c> is to say; null: nothing.</param>
    public static void Add(FrameOutput output, Uri server, string path, string? credential)
    {
        output.AddFrames(Http2Wire.Preface);
        Span<byte> settings = stackalloc byte[Http2Wire.SettingBytes * s_settings.Length];
        for (int i = 0; i < s_settings.Length; i++)
        {
            Span<byte> at = settings[(i * Http2Wire.SettingBytes)..];
            BinaryPrimitives.WriteUInt16BigEndian(at, (ushort)s_settings[i].Setting);
            BinaryPrimitives.WriteUInt32BigEndian(at[sizeof(ushort)..], (uint)s_settings[i].Value);
        }

        output.AddAnswer(FrameType.Settings, FrameFlags.None, 0, settings);
        Span<byte> wider = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(wider, WindowBytes - Http2Wire.DefaultWindowBytes);
        output.AddAnswer(FrameType.WindowUpdate, FrameFlags.None, 0, wider);

        byte[] head = new byte[MostHeadBytes];
        int bytes = WriteHead(head, server, path, credential);
        byte[] frame = new byte[FrameHeader.Bytes + bytes];
        new FrameHeader(bytes, FrameType.Headers, FrameFlags.EndHeaders, Http2Wire.OnlyStream).Write(frame);
        head.AsSpan(0, bytes).CopyTo(frame.AsSpan(FrameHeader.Bytes));
        output.AddFrames(frame);
    }

    private static int WriteHead(Span<byte> room, Uri server, string path, string? credential)
    {
        HeaderEncoder head = new(room);
        bool fits = head.TryWrite(":method"u8, "POST"u8, isSecret: false)
            && head.TryWrite(":scheme"u8, ServerAddress.IsTls(server) ? "https"u8 : "http"u8, isSecret: false)
            && head.TryWrite(":path"u8, Encoding.ASCII.GetBytes(path), isSecret: false)
            && head.TryWrite(":authority"u8, Authority(server), isSecret: false)
            && head.TryWrite("te"u8, "trailers"u8, isSecret: false)
            && head.TryWrite("content-type"u8, "application/grpc"u8, isSecret: false)
            && head.TryWrite("user-agent"u8, "remoteswap-client"u8, isSecret: false)
            && (credential is null
                || head.TryWrite("authorization"u8, Encoding.ASCII.GetBytes(credential), isSecret: true));
        return fits
            ? head.Length
            : throw new IOException($"the head of the call takes more than {MostHeadBytes} bytes; is the token whole?");
    }

    // Over a socket file the name of the host has no meaning, but HTTP wants one.
    private static byte[] Authority(Uri server) => Encoding.ASCII.GetBytes(
        ServerAddress.IsUnixSocket(server) ? "localhost" : $"{AuthorityHost(server)}:{server.Port}");

    private static string AuthorityHost(Uri server) =>
        server.HostNameType == UriHostNameType.IPv6 ? server.Host : server.IdnHost;
}
