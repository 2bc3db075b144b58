using Google.Protobuf;
using Grpc.Core;
using RemoteSwap.V1;

namespace RemoteSwap.EndToEnd.Tests.Hostile;

/// <summary>
/// Messages that are none: refused with a status that says so, counted, and not a word of it in the log, so that nobody
/// can fill that.
/// </summary>
public sealed class QuietRefusalTests : IAsyncLifetime
{
    private const string Pages = "/remoteswap.v1.PageStoreService/";
    private const string Areas = "/remoteswap.v1.AreaService/";
    private const string Admin = "/remoteswap.v1.AdminService/";

    private ServerProcess _server = null!;

    // A length beyond the end: no message of any type.
    private static readonly byte[] s_malformed = [0x0A, 0xFF, 0x01];

    public static TheoryData<string> Methods =>
    [
        $"{Pages}Store", $"{Pages}Load", $"{Pages}Ping", $"{Pages}Invalidate", $"{Pages}InvalidateArea",
        $"{Pages}Reclaim", $"{Areas}Attach", $"{Areas}KeepAlive", $"{Areas}ListPages", $"{Admin}ListTenants",
        "/grpc.health.v1.Health/Check",
    ];

    public async ValueTask InitializeAsync() => _server = await ServerProcess.StartAsync();

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_message_that_is_none_is_an_invalid_argument(string method)
    {
        string before = _server.Errors;
        byte[] cut = RawCall.Framed(s_malformed)[..6];
        byte[] followed = [.. RawCall.Framed([]), 1];

        Assert.Equal(StatusCode.InvalidArgument, await PostAsync(method, RawCall.Framed(s_malformed)));
        Assert.Equal(StatusCode.InvalidArgument, await PostAsync(method, cut));
        Assert.Equal(StatusCode.InvalidArgument, await PostAsync(method, followed));
        Assert.Equal(StatusCode.InvalidArgument, await PostAsync(method, []));
        Assert.Equal(before, _server.Errors);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_compressed_message_is_refused_unread(string method)
    {
        string before = _server.Errors;
        byte[] bomb = RawCall.Framed(Attacks.Bomb(32 << 20), compressed: 1);

        Assert.Equal(StatusCode.Unimplemented, await PostAsync(method, bomb, "gzip"));
        Assert.Equal(StatusCode.Unimplemented, await PostAsync(method, RawCall.Framed([1], compressed: 1), "none"));
        Assert.Equal(StatusCode.Unimplemented, await PostAsync(method, RawCall.Framed([1], compressed: 77)));
        Assert.Equal(before, _server.Errors);
    }

    [Fact]
    public async Task Streams_refuse_them_too()
    {
        string before = _server.Errors;

        Assert.Equal(StatusCode.InvalidArgument, await PostAsync($"{Pages}Exchange", RawCall.Framed(s_malformed)));
        Assert.Equal(
            StatusCode.InvalidArgument,
            await PostAsync("/remoteswap.v1.EvictionService/Evictions", RawCall.Framed(s_malformed)));
        Assert.Equal(before, _server.Errors);
    }

    [Fact]
    public async Task A_block_that_claims_more_than_a_page_is_refused()
    {
        byte[] block = [0xF0, .. Enumerable.Repeat(byte.MaxValue, 3000), 0];
        StoreRequest request = new()
        {
            Tenant = "default",
            Slots = { 1 },
            Sizes = { (uint)block.Length },
            Encodings = { V1.Encoding.Lz4 },
            ZpageChecksums = { System.IO.Hashing.Crc32.HashToUInt32(block) },
            Zpages = ByteString.CopyFrom(block),
        };

        Assert.Equal(
            StatusCode.InvalidArgument, await PostAsync($"{Pages}Store", RawCall.Framed(request.ToByteArray())));
    }

    private async Task<StatusCode> PostAsync(string method, byte[] body, string? encoding = null)
    {
        using ByteArrayContent content = new(body);
        if (encoding is not null)
        {
            content.Headers.TryAddWithoutValidation("grpc-encoding", encoding);
        }

        return (StatusCode)(await RawCall.PostAsync(_server.Address, method, content)).Status;
    }
}
