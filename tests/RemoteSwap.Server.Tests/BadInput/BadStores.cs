using Google.Protobuf;
using Google.Protobuf.Collections;
using Grpc.Core;
using RemoteSwap.Codec;
using RemoteSwap.Store;
using RemoteSwap.V1;

namespace RemoteSwap.Server.Tests.BadInput;

/// <summary>Stores with one thing wrong in each.</summary>
internal static class BadStores
{
    private const ulong AreaSlots = 1UL << 28;

    // One literal, a match, five literals: with a last length byte of 246 it decodes to 4,096 bytes.
    private static readonly byte[] s_oneByteShort = MatchBlock(245);
    private static readonly byte[] s_oneByteLong = MatchBlock(247);

    public static IEnumerable<BadCall> All =>
    [
        .. Sizes(), .. Encodings(), .. Columns(), .. Blocks(), .. Targets(),
    ];

    private static IEnumerable<BadCall> Sizes() =>
    [
        Case("raw page of 4,095 bytes", "sizes[1]", "4095", r => Replace(r, V1.Encoding.Raw, new byte[4095])),
        Case("raw page of 4,097 bytes", "sizes[1]", "4097", r => Replace(r, V1.Encoding.Raw, new byte[4097])),
        Case("word of 7 bytes", "sizes[1]", "7", r => Replace(r, V1.Encoding.Fill, new byte[7])),
        Case("word of 4,096 bytes", "sizes[1]", "4096", r => Replace(r, V1.Encoding.Fill, new byte[4096])),
        Case("size 0", "sizes[1]", "0", r => r.Sizes[1] = 0),
        Case("size 4,123", "sizes[1]", "4123", r => r.Sizes[1] = 4123),
        Case("sealed page of 26 bytes", "sizes[1]", "26", r => Replace(r, V1.Encoding.Sealed, new byte[26])),
        Case("sealed page of 4,096 bytes", "sizes[1]", "4096", r => Replace(r, V1.Encoding.Sealed, new byte[4096])),
        Case("size 2^32 - 1", "sizes[1]", "4294967295", r => r.Sizes[1] = uint.MaxValue),
        Case("sizes that add up to more than came", "sizes[2]", $"{PageSize.Bytes}", r => r.Zpages = Cut(r, 1)),
        Case("sizes that add up to less than came", "zpages", "bytes", r =>
            r.Zpages = ByteString.CopyFrom([.. r.Zpages.Span, 0])),
        Case("no zpages at all", "sizes[0]", "0 bytes left", r => r.Zpages = ByteString.Empty),
        Case("a size that takes a byte from the next page", "zpage_checksums[0]", "", r =>
        {
            r.Sizes[0]++;
            r.Sizes[1]--;
        }),
    ];

    private static IEnumerable<BadCall> Encodings() =>
    [
        .. new[] { 0, 5, 99, -1, int.MaxValue, int.MinValue, 256 + 1, 256 + 2 }.Select(number =>
            Case($"encoding {number}", "encodings[1]", $"{number}", r => r.Encodings[1] = (V1.Encoding)number)),
        Case("raw page called a block", "zpages[2]", "slot 12", r => r.Encodings[2] = V1.Encoding.Lz4),
        Case("block called a raw page", "sizes[0]", "", r => r.Encodings[0] = V1.Encoding.Raw),
        Case("zpage checksum that lies", "zpage_checksums[0]", "", r => r.ZpageChecksums[0] ^= 1),
        Case("byte of a zpage that is another", "zpage_checksums[2]", "4096", r => r.Zpages = Flip(r.Zpages)),
    ];

    private static IEnumerable<BadCall> Columns() =>
    [
        .. Lengths("generations", r => r.Generations),
        .. Lengths("sizes", r => r.Sizes),
        .. Lengths("encodings", r => r.Encodings),
        .. Lengths("zpage_checksums", r => r.ZpageChecksums),
        .. Lengths("page_checksums", r => r.PageChecksums),
        Case("column of sizes missing", "sizes", "0 elements", r => r.Sizes.Clear()),
        Case("column of encodings missing", "encodings", "0 elements", r => r.Encodings.Clear()),
        Case("column of zpage checksums missing", "zpage_checksums", "0 elements", r => r.ZpageChecksums.Clear()),
        Case("generation 0", "generations[1]", "0", r => r.Generations[1] = 0),
        Case("generation 2^56", "generations[1]", $"{Generation.MaxValue + 1}", r =>
            r.Generations[1] = Generation.MaxValue + 1),
        Case("generation 2^64 - 1", "generations[1]", $"{ulong.MaxValue}", r => r.Generations[1] = ulong.MaxValue),
    ];

    private static IEnumerable<BadCall> Blocks() =>
    [
        Block("block of 0xFF", Enumerable.Repeat((byte)0xFF, 40)),
        Block("block of zeroes", new byte[40]),
        Block("block with an offset before the page", [0x1F, 7, 0xFF, 0xFF, 0, 0x50, 1, 2, 3, 4, 5]),
        Block("block with offset 0", [0x1F, 7, 0, 0, 0, 0x50, 1, 2, 3, 4, 5]),
        Block("block of a token alone", [0xF0]),
        Block("block of 6 bytes", [0x50, 1, 2, 3, 4, 5]),
        Block("block that decodes to 4,095 bytes", s_oneByteShort),
        Block("block that decodes to 4,097 bytes", s_oneByteLong),
        Block("block with bytes behind its end", [.. MatchBlock(246), 0]),
        Block("block without its last byte", MatchBlock(246)[..^1]),
    ];

    private static IEnumerable<BadCall> Targets() =>
    [
        Case("no pages", "slots", "0 elements", r => r.Slots.Clear()),
        new("513 pages", StatusCode.InvalidArgument, "slots", "513", server =>
            server.Pages.StoreAsync(Words(513)).ResponseAsync),
        new("slot behind the area", StatusCode.OutOfRange, "slots[1]", $"{AreaSlots}", Call(
            r => r.Slots[1] = AreaSlots)),
        new("slot 2^64 - 1", StatusCode.OutOfRange, "slots[1]", $"{ulong.MaxValue}", Call(
            r => r.Slots[1] = ulong.MaxValue)),
        new("unknown tenant", StatusCode.NotFound, "tenant", "'vm-x'", Call(r => r.Tenant = "vm-x")),
        new("no tenant", StatusCode.NotFound, "tenant", "''", Call(r => r.Tenant = "")),
        new("tenant in capitals", StatusCode.NotFound, "tenant", "'VM-A'", Call(r => r.Tenant = "VM-A")),
        new("tenant with line ends", StatusCode.NotFound, "tenant", "a\r\nb", Call(r => r.Tenant = "a\r\nb\0")),
        new("tenant of a million letters", StatusCode.NotFound, "tenant", "xxx...", Call(
            r => r.Tenant = new string('x', 1_000_000))),
        new(
            "tenant whose name is cut within a surrogate pair",
            StatusCode.NotFound,
            "tenant",
            "xxx",
            Call(r => r.Tenant = new string('x', 63) + "\U0001F600")),
        new("unknown area", StatusCode.NotFound, "area", "1024", Call(r => r.Area = 1024)),
        new("area 2^32 - 1", StatusCode.NotFound, "area", "4294967295", Call(r => r.Area = uint.MaxValue)),
    ];

    private static BadCall Case(string name, string field, string value, Action<StoreRequest> spoil) =>
        new(name, StatusCode.InvalidArgument, field, value, Call(spoil));

    private static BadCall Block(string name, IEnumerable<byte> block) =>
        Case(name, "zpages[1]", "slot 11", r => Replace(r, V1.Encoding.Lz4, [.. block]));

    private static IEnumerable<BadCall> Lengths<T>(string field, Func<StoreRequest, RepeatedField<T>> column) =>
    [
        Case($"column of {field} too short", field, "2 elements", r => column(r).RemoveAt(2)),
        Case($"column of {field} too long", field, "4 elements", r => column(r).Add(column(r)[0])),
    ];

    private static Func<TestServer, Task> Call(Action<StoreRequest> spoil) => server =>
    {
        StoreRequest request = Right();
        spoil(request);
        return server.Pages.StoreAsync(request).ResponseAsync;
    };

    // Slots 10 to 12 hold pages already: whatever a bad Store changed would be seen there.
    private static StoreRequest Right() =>
        Batch.Store(BadInputTests.KeptSlots, [PageKinds.Text(7), PageKinds.Text(8), PageKinds.Noise(9)], generation: 9);

    private static StoreRequest Words(int pages) =>
        Batch.Store(Batch.Slots(pages), [.. Enumerable.Repeat(PageKinds.Filled(1), pages)], generation: 9);

    private static void Replace(StoreRequest request, V1.Encoding encoding, byte[] zpage)
    {
        int offset = (int)request.Sizes[0];
        ReadOnlySpan<byte> zpages = request.Zpages.Span;
        request.Zpages =
            ByteString.CopyFrom([.. zpages[..offset], .. zpage, .. zpages[(offset + (int)request.Sizes[1])..]]);
        request.Sizes[1] = (uint)zpage.Length;
        request.Encodings[1] = encoding;
        request.ZpageChecksums[1] = PageChecksum.OfZpage(zpage);
    }

    private static ByteString Cut(StoreRequest request, int bytes) =>
        ByteString.CopyFrom(request.Zpages.Span[..^bytes]);

    private static ByteString Flip(ByteString zpages)
    {
        byte[] bytes = zpages.ToByteArray();
        bytes[^1] ^= 0x10;
        return ByteString.CopyFrom(bytes);
    }

    /// <summary>A hand-made block; 246 makes it decode to one page.</summary>
    internal static byte[] MatchBlock(byte lastLengthByte) =>
        [0x1F, 7, 1, 0, .. Enumerable.Repeat((byte)255, 15), lastLengthByte, 0x50, 1, 2, 3, 4, 5];
}
