using Grpc.Core;
using RemoteSwap.Client.Tests.Fakes;
using RemoteSwap.Codec;
using RemoteSwap.V1;
using Xunit;

namespace RemoteSwap.Client.Tests.Sealing;

/// <summary>
/// A server that changes, exchanges, replays and makes up pages of an area that is sealed, with checksums that fit; and
/// what it sees of pages that are sent to it.
/// </summary>
public sealed class HostileServerTests : IDisposable
{
    private const uint Area = 2;
    private static readonly ulong[] s_slots = [0, 1, 2, 3];
    private static readonly byte[] s_stored = PageLies.Stored();
    private readonly SealFolder _folder = new();

    public static TheoryData<string> Lies => [.. s_lies.Keys];

    private static readonly Dictionary<string, Action<LoadResponse>> s_lies = new(StringComparer.Ordinal)
    {
        ["a bit of the ciphertext"] = r => r.Rewrite(0, z => z[9] ^= 4),
        ["a bit of the key's number"] = r => r.Rewrite(0, z => z[^26] ^= 4),
        ["a bit of the encoding inside"] = r => r.Rewrite(0, z => z[^25] ^= 128),
        ["a bit of the salt"] = r => r.Rewrite(0, z => z[^20] ^= 4),
        ["a bit of the tag"] = r => r.Rewrite(0, z => z[^1] ^= 4),
        ["a bit of the tag's part in the checksum"] = r => r.PageChecksums[0] ^= 1,
        ["a page cut off"] = r => r.Replace(0, r.Zpage(0)[1..]),
        ["a seal alone"] = r => r.Replace(0, r.Zpage(0)[^26..]),
        ["a byte"] = r => r.Replace(0, [1]),
        ["the page of another slot"] = r => r.TakeFrom(0, 3, withGeneration: false),
        ["the page of another slot with its generation"] = r => r.TakeFrom(0, 3, withGeneration: true),
        ["the raw page of another slot"] = r => r.TakeFrom(0, 1, withGeneration: true),
        ["a newer generation"] = r => r.Generations[0]++,
        ["an older generation"] = r => r.Generations[0]--,
        ["no generation"] = r => r.Generations[0] = 0,
        ["a sealed page called a raw one"] = r => r.Encodings[0] = V1.Encoding.Raw,
        ["a sealed page called a block"] = r => r.Encodings[0] = V1.Encoding.Lz4,
        ["a page in the clear with checksums that fit"] = r => Forge(r, Pages.Noise(5), V1.Encoding.Raw),
        ["a word in the clear with checksums that fit"] = r => Forge(r, Pages.Filled(0), V1.Encoding.Fill),
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task A_page_that_was_not_sealed_so_is_corrupt_and_the_others_are_right(string lie)
    {
        foreach (int streams in (int[])[0, 2])
        {
            await using FakeServer server = await FakeServer.StartAsync();
            await using RemoteSwapConnection connection = Connect(server, streams);
            await connection.Area(Area).StoreAsync(s_slots, s_stored);
            server.Store.Lie(s_lies[lie]);
            byte[] loaded = new byte[s_stored.Length];
            loaded.AsSpan().Fill(0xEE);

            LoadOutcome[] outcomes = await connection.Area(Area).LoadAsync(s_slots, loaded);

            for (int page = 0; page < s_slots.Length; page++)
            {
                Assert.Equal(page == 0 ? LoadOutcome.Corrupt : LoadOutcome.Loaded, outcomes[page]);
                Assert.Equal(page == 0 ? new byte[4096] : Pages.Nth(s_stored, page), Pages.Nth(loaded, page));
            }
        }
    }

    [Fact]
    public async Task The_server_sees_nothing_of_a_page_and_can_not_tell_equal_ones()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = Connect(server, streams: 2);
        byte[] page = Pages.Text(10);
        await connection.Area(Area).StoreAsync(1, page);
        await connection.Area(Area).StoreAsync(2, page);
        await connection.Area(Area).StoreAsync(1, page);
        await connection.Area(Area).StoreAsync(3, Pages.Filled(77));

        StoreRequest[] sent = server.Store.RequestsOf<StoreRequest>();
        Assert.All(sent, request => Assert.Equal(V1.Encoding.Sealed, Assert.Single(request.Encodings)));
        Assert.Equal(4, sent.SelectMany(request => request.PageChecksums).Distinct().Count());
        Assert.Equal(4, sent.SelectMany(request => request.ZpageChecksums).Distinct().Count());
        byte[] block = new byte[4096];
        int size = PageCodec.Default.Encode(page, block, out _, ZpageLimits.MaxSealedBlockBytes);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(size + ZpageLimits.SealBytes, sent[i].Zpages.Length);
            Assert.True(sent[i].Zpages.Span[..16].IndexOf(block.AsSpan(0, 16)) < 0);
        }

        Assert.Equal(34, sent[3].Zpages.Length);
    }

    [Fact]
    public async Task Words_travel_in_the_clear_where_that_is_wanted_and_can_not_be_changed()
    {
        _folder.Options = _folder.Options with { Fill = SealFill.Clear };
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = Connect(server, streams: 2);
        await connection.Area(Area).StoreAsync(1, Pages.Filled(77));
        byte[] loaded = new byte[4096];
        Assert.Equal(V1.Encoding.Fill, server.Store.Find(Area, 1)!.Encoding);
        Assert.Equal(LoadOutcome.Loaded, await connection.Area(Area).LoadAsync(1, loaded));
        Assert.Equal(Pages.Filled(77), loaded);

        server.Store.Lie<LoadResponse>(r => r.Rewrite(0, z => z[0] ^= 1));
        Assert.Equal(LoadOutcome.Corrupt, await connection.Area(Area).LoadAsync(1, loaded));
        server.Store.Lie<LoadResponse>(r => r.Generations[0]--);
        Assert.Equal(LoadOutcome.Corrupt, await connection.Area(Area).LoadAsync(1, loaded));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task What_is_sent_again_is_the_same_bytes_and_no_life_seals_twice_with_a_generation(int streams)
    {
        await using FakeServer server = await FakeServer.StartAsync();
        int calls = 0;
        server.Store.Before = (request, _) => request is StoreRequest && Interlocked.Increment(ref calls) % 3 != 0
            ? throw new RpcException(new Status(StatusCode.Unavailable, "away"))
            : Task.CompletedTask;
        for (int life = 0; life < 4; life++)
        {
            // The clock stands still: all lives count the same generations.
            await using RemoteSwapConnection connection = Connect(server, streams, new StoppedTime());
            await connection.Area(Area).StoreAsync(s_slots, s_stored);
            await connection.Area(Area).StoreAsync(7, Pages.Text(life));
            await connection.Area(Area).StoreAsync(s_slots, s_stored);
        }

        Dictionary<string, string> seals = [];
        HashSet<string> lives = [];
        foreach (StoreRequest request in server.Store.RequestsOf<StoreRequest>())
        {
            int start = 0;
            for (int i = 0; i < request.Slots.Count; i++)
            {
                ReadOnlySpan<byte> zpage = request.Zpages.Span.Slice(start, (int)request.Sizes[i]);
                start += zpage.Length;
                string salt = Convert.ToHexString(zpage[^24..^12]);
                string bytes = Convert.ToHexString(zpage);
                lives.Add(salt);
                if (!seals.TryAdd($"{salt} {request.Generations[i]}", bytes))
                {
                    Assert.Equal(seals[$"{salt} {request.Generations[i]}"], bytes);
                }
            }
        }

        Assert.Equal(4, lives.Count);
        Assert.Equal(4 * 9, seals.Count);
        Assert.Equal(9, seals.Keys.Select(key => key.Split(' ')[1]).Distinct().Count());
        Assert.True(calls > 4 * 3);
    }

    [Fact]
    public async Task Another_life_reads_what_was_sealed_and_who_has_no_key_reads_nothing()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using (RemoteSwapConnection first = Connect(server, streams: 2))
        {
            await first.Area(Area).StoreAsync(s_slots, s_stored);
        }

        byte[] loaded = new byte[s_stored.Length];
        await using RemoteSwapConnection second = Connect(server, streams: 0);
        Assert.All(await second.Area(Area).LoadAsync(s_slots, loaded), one => Assert.Equal(LoadOutcome.Loaded, one));
        Assert.Equal(s_stored, loaded);

        await using RemoteSwapConnection without = server.Connect(streams: 2);
        Assert.All(await without.Area(Area).LoadAsync(s_slots, loaded), one => Assert.Equal(LoadOutcome.Corrupt, one));
        Assert.Equal(new byte[s_stored.Length], loaded);
        ZpageBatch zpages = new(4) { Count = 4, Zpages = new byte[4 * 4096] };
        s_slots.CopyTo(zpages.Slots);
        await without.Area(Area).LoadZpagesAsync(zpages);
        Assert.All(zpages.LoadOutcomes.ToArray(), one => Assert.Equal(LoadOutcome.Corrupt, one));
        await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await second.Area(Area).LoadZpagesAsync(zpages));
        await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await second.Area(Area).StoreZpagesAsync(zpages));
    }

    private static void Forge(LoadResponse reply, byte[] page, V1.Encoding encoding)
    {
        reply.Replace(0, encoding == V1.Encoding.Raw ? page : page[..8]);
        reply.Encodings[0] = encoding;
        reply.PageChecksums[0] = PageChecksum.OfPage(page, Area, s_slots[0], reply.Generations[0]);
    }

    private RemoteSwapConnection Connect(FakeServer server, int streams, TimeProvider? time = null) =>
        RemoteSwapConnection.Open(
            new RemoteSwapClientOptions
            {
                Address = server.Address,
                Tenant = "vm7",
                Streams = streams,
                InitialBackoff = TimeSpan.FromMilliseconds(1),
                MaxBackoff = TimeSpan.FromMilliseconds(5),
                CallDeadline = TimeSpan.FromSeconds(60),
                Seal = _folder.Options,
            },
            time);
}
