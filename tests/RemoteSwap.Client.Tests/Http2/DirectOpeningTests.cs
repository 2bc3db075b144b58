using System.Text;
using RemoteSwap.Client.Http2;
using RemoteSwap.Wire.Http2;
using Xunit;

namespace RemoteSwap.Client.Tests.Http2;

/// <summary>The first bytes of a connection are these and no others, in one write.</summary>
public sealed class DirectOpeningTests
{
    [Fact]
    public async Task It_is_one_write_of_these_very_bytes()
    {
        using DirectPeer peer = new();
        Task<bool> reading = peer.NextAsync();

        byte[] expected =
        [
            .. Http2Wire.Preface,
            .. Frames.Settings(
                (Http2Setting.SingleStream, 1),
                (Http2Setting.EnablePush, 0),
                (Http2Setting.HeaderTableSize, 0),
                (Http2Setting.InitialWindowSize, 4 << 20),
                (Http2Setting.MaxFrameSize, 128 << 10),
                (Http2Setting.MaxHeaderListSize, 16 << 10)),
            .. Frames.Window(0, (4 << 20) - 65_535),
        ];
        byte[] write = Assert.Single(peer.Connection.Writes);
        Assert.Equal(expected, write[..expected.Length]);
        FrameHeader head = FrameHeader.Read(write.AsSpan(expected.Length));
        Assert.Equal(
            new FrameHeader(
                write.Length - expected.Length - FrameHeader.Bytes, FrameType.Headers, FrameFlags.EndHeaders, 1),
            head);
        Assert.Equal(
            [
                ":method: POST", ":scheme: http", ":path: /test.Service/Call", ":authority: server.test:7070",
                "te: trailers", "content-type: application/grpc", "user-agent: remoteswap-client",
            ],
            FieldList.Read(write.AsSpan(expected.Length + FrameHeader.Bytes)));

        peer.Connection.EndArriving();
        await Assert.ThrowsAsync<Grpc.Core.RpcException>(() => reading);
    }

    [Theory]
    [InlineData("http://[::1]:81", ":authority: [::1]:81", ":scheme: http")]
    [InlineData("https://server.test", ":authority: server.test:443", ":scheme: https")]
    [InlineData("unix:///run/a.sock", ":authority: localhost", ":scheme: http")]
    public async Task The_authority_is_of_the_address(string address, string authority, string scheme)
    {
        List<string> fields = FieldList.Read(await HeadAsync(new Uri(address), credential: null))!;

        Assert.Contains(authority, fields);
        Assert.Contains(scheme, fields);
        Assert.DoesNotContain(fields, field => field.StartsWith("authorization", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_token_is_never_kept_in_a_table()
    {
        byte[] head = await HeadAsync(new Uri("http://a:1"), "Bearer rst_x");

        // Never indexed, by the name's number 23 (RFC 7541, section 6.2.3).
        byte[] expected = [0x1F, 23 - 15, 12, .. Encoding.ASCII.GetBytes("Bearer rst_x")];
        Assert.Equal(expected, head[^expected.Length..]);
    }

    [Fact]
    public async Task A_token_without_end_is_an_IOException() =>
        await Assert.ThrowsAsync<IOException>(() => HeadAsync(new Uri("http://a:1"), new string('x', 9000)));

    private static async Task<byte[]> HeadAsync(Uri server, string? credential)
    {
        using MemoryConnection connection = new();
        FrameOutput output = new(connection);
        StreamOpening.Add(output, server, "/a/b", credential);
        await output.FlushAsync();
        byte[] all = Assert.Single(connection.Writes);
        int at = Http2Wire.Preface.Length;
        while (FrameHeader.Read(all.AsSpan(at)).Type != FrameType.Headers)
        {
            at += FrameHeader.Bytes + FrameHeader.Read(all.AsSpan(at)).Length;
        }

        return all[(at + FrameHeader.Bytes)..];
    }
}
