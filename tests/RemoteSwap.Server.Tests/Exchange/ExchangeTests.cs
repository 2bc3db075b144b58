using CsCheck;
using Grpc.Core;
using RemoteSwap.V1;

namespace RemoteSwap.Server.Tests.Exchange;

/// <summary>
/// A stream carries the same batches as the calls, in order, and a wrong request is a matter of its own.
/// </summary>
public sealed class ExchangeTests
{
    private static readonly ulong[] s_slots = Batch.Slots(64);
    private static readonly byte[][] s_pages = [.. s_slots.Select(slot => PageKinds.Any((int)slot))];

    [Fact]
    public async Task AllVerbsInterleaveOnOneStream()
    {
        await using TestServer server = await TestServer.StartAsync();
        ExchangeScript script = new();
        ulong store = script.Add(Batch.Store(s_slots, s_pages));
        ulong load = script.Add(Batch.Load(s_slots));
        ulong ping = script.Add(new PingRequest { ReplyPages = 3, ReplyPageBytes = 100 });
        ulong forget = script.Add(Batch.Invalidate(s_slots));
        ulong empty = script.Add(Batch.Load(s_slots));

        ExchangeReplies replies = await script.RunAsync(server);

        Assert.Equal(0, replies.Status);
        ExchangeWelcome welcome = replies.InOrder[0].Welcome;
        Assert.Equal((0UL, 64u, 8UL << 20), (replies.InOrder[0].RequestId, welcome.MaxRequests, welcome.MaxBytes));
        Assert.All(replies[store].Store.Outcomes, outcome => Assert.True(outcome
            is StoreOutcome.Stored or StoreOutcome.SameFilled));
        LoadedPages.AssertAre(replies[load].Load, s_slots, s_pages);
        Assert.Equal((3, 300), (replies[ping].Ping.Sizes.Count, replies[ping].Ping.Zpages.Length));
        Assert.All(replies[forget].Invalidate.Outcomes, o => Assert.Equal(InvalidateOutcome.Invalidated, o));
        Assert.All(replies[empty].Load.Outcomes, o => Assert.Equal(LoadOutcome.NotFound, o));
        await server.AssertSoundAsync();
    }

    // Sent without waiting for a reply: each Load sees exactly what stands before it.
    [Fact]
    public async Task OperationsOnOneSlotKeepTheirOrder()
    {
        await using TestServer server = await TestServer.StartAsync();
        ExchangeScript script = new();
        List<(ulong Id, byte[]? Page)> expected = [];
        for (ulong round = 1; round <= 200; round++)
        {
            byte[] page = PageKinds.Any((int)round);
            script.Add(Batch.Store(7, page, generation: round));
            expected.Add((script.Add(Batch.Load([7])), page));
            if (round % 3 == 0)
            {
                script.Add(Batch.Invalidate(7));
                expected.Add((script.Add(Batch.Load([7])), null));
            }
        }

        ExchangeReplies replies = await script.RunAsync(server, 1000, 3, 70_000);

        Assert.Equal(0, replies.Status);
        foreach ((ulong id, byte[]? page) in expected)
        {
            LoadResponse load = replies[id].Load;
            Assert.Equal(page is null ? LoadOutcome.NotFound : LoadOutcome.Loaded, load.Outcomes[0]);
            if (page is not null)
            {
                LoadedPages.AssertAre(load, [7], [page]);
            }
        }
    }

    // However the transport cuts the bytes, the replies are the same. CsCheck prints the seed and takes CsCheck_Seed.
    [Fact]
    public async Task PiecesMakeNoDifference()
    {
        await using TestServer server = await TestServer.StartAsync();
        Gen<int[]> pieces = Gen.Frequency((2, Gen.Int[1, 40]), (2, Gen.Int[1, 5000]), (1, Gen.Int[1, 40_000]))
            .Array[1, 20];
        await pieces.SampleAsync(
            async sizes =>
            {
                ExchangeScript script = new();
                ulong store = script.Add(Batch.Store(s_slots, s_pages, generation: 1));
                ulong load = script.Add(Batch.Load(s_slots));
                ExchangeReplies replies = await script.RunAsync(server, sizes);
                Assert.Equal(0, replies.Status);
                Assert.Equal(64, replies[store].Store.Outcomes.Count);
                LoadedPages.AssertAre(replies[load].Load, s_slots, s_pages);
            },
            iter: 60,
            threads: 1);
    }

    [Fact]
    public async Task WrongRequestFailsAloneAndChangesNothing()
    {
        await using TestServer server = await TestServer.StartAsync();
        StoreRequest lies = Batch.Store(s_slots, s_pages);
        lies.ZpageChecksums[63] ^= 1;
        LoadRequest beyond = Batch.Load([ulong.MaxValue]);
        LoadRequest stranger = Batch.Load([0]);
        stranger.Tenant = "nobody";
        ExchangeScript script = new();
        ulong first = script.Add(lies);
        ulong second = script.Add(beyond);
        ulong third = script.Add(stranger);
        ulong fourth = script.Add(new ExchangeRequest());
        ulong fifth = script.Add(new PingRequest { ReplyPages = 513 });
        ulong sixth = script.Add(new PingRequest { CopyMemory = true });
        ulong last = script.Add(Batch.Load(s_slots));

        ExchangeReplies replies = await script.RunAsync(server);

        Assert.Equal(0, replies.Status);
        AssertFailed(replies[first], StatusCode.InvalidArgument, "zpage_checksums[63]");
        AssertFailed(replies[second], StatusCode.OutOfRange, "slots[0]");
        AssertFailed(replies[third], StatusCode.NotFound, "'nobody'");
        AssertFailed(replies[fourth], StatusCode.InvalidArgument, "operation");
        AssertFailed(replies[fifth], StatusCode.InvalidArgument, "reply_pages");
        AssertFailed(replies[sixth], StatusCode.FailedPrecondition, "Server:PingArena");
        Assert.All(replies[last].Load.Outcomes, o => Assert.Equal(LoadOutcome.NotFound, o));
    }

    public static TheoryData<string, byte[], int> Unreadable => new()
    {
        { "no id", RawCall.Framed([]), (int)StatusCode.InvalidArgument },
        { "no message", RawCall.Framed([0xFF, 0xFF, 0xFF]), (int)StatusCode.InvalidArgument },
        { "compressed", RawCall.Framed([8, 1], compressed: 1), (int)StatusCode.Unimplemented },
        { "too large", [0, 0x7F, 0xFF, 0xFF, 0xFF, 1], (int)StatusCode.ResourceExhausted },
        { "cut prefix", [0, 0, 0], (int)StatusCode.InvalidArgument },
        { "cut message", RawCall.Framed([8, 1, 34, 0])[..7], (int)StatusCode.InvalidArgument },
    };

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task UnreadableMessageEndsTheStreamAfterWhatCameBefore(string what, byte[] bytes, int status)
    {
        await using TestServer server = await TestServer.StartAsync();
        ExchangeScript script = new();
        ulong store = script.Add(Batch.Store(s_slots, s_pages));
        script.AddBytes(bytes);

        ExchangeReplies replies = await script.RunAsync(server);

        Assert.True(status == replies.Status, $"{what}: status is {replies.Status}");
        Assert.Equal(64, replies[store].Store.Outcomes.Count);
        await server.AssertHoldsAsync(s_slots, s_pages);
    }

    private static void AssertFailed(ExchangeResponse reply, StatusCode code, string words)
    {
        Assert.Equal((int)code, reply.Failure.Code);
        Assert.Contains(words, reply.Failure.Message);
    }
}
