using Google.Protobuf;
using Grpc.Core;
using RemoteSwap.V1;

namespace RemoteSwap.Server.Tests.Verbs;

/// <summary>Owners of areas, as a client of any language sees them.</summary>
public sealed class AreaTests
{
    private const uint Area = 2;

    [Fact]
    public async Task FormerOwnerIsFencedOnAStreamThatItHasOpen()
    {
        await using TestServer server = await TestServer.StartAsync();
        AreaService.AreaServiceClient areas = new(server.Channel);
        AttachResponse first = await areas.AttachAsync(Ask(AttachMode.Exclusive, "first"));
        using AsyncDuplexStreamingCall<ExchangeRequest, ExchangeResponse> stream = server.Pages.Exchange();
        Assert.True(await stream.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(first.Incarnation, stream.ResponseStream.Current.Welcome.Incarnation);
        Assert.Equal(StoreOutcome.Stored, (await StoreOverAsync(stream, id: 1, first.AttachEpoch)).Store.Outcomes[0]);

        AttachResponse held = await areas.AttachAsync(Ask(AttachMode.Exclusive, "second"));
        Assert.Equal((AttachOutcome.Held, "first"), (held.Outcome, held.Holder));
        AttachResponse second = await areas.AttachAsync(Ask(AttachMode.TakeOver, "second"));
        Assert.True(second.AttachEpoch > first.AttachEpoch);
        Assert.Equal(1UL, second.NewestGeneration);

        Assert.Equal(StoreOutcome.Fenced, (await StoreOverAsync(stream, id: 2, first.AttachEpoch)).Store.Outcomes[0]);
        LoadRequest load = Batch.Load([5], area: Area);
        load.AttachEpoch = first.AttachEpoch;
        Assert.Equal([LoadOutcome.Fenced], (await server.Pages.LoadAsync(load)).Outcomes);
        InvalidateRequest forget = new()
        {
            Tenant = TestServer.TenantA,
            Area = Area,
            AttachEpoch = first.AttachEpoch,
            Slots = { 5 },
            Ranges = { new SlotRange { First = 0, Count = 10 } },
        };
        InvalidateResponse forgotten = await server.Pages.InvalidateAsync(forget);
        Assert.Equal([InvalidateOutcome.Fenced], forgotten.Outcomes);
        Assert.True(forgotten.RangesFenced);
        InvalidateAreaRequest empty =
            new() { Tenant = TestServer.TenantA, Area = Area, AttachEpoch = first.AttachEpoch };
        Assert.True((await server.Pages.InvalidateAreaAsync(empty)).Fenced);

        // The page of the former owner is the new one's.
        load.AttachEpoch = second.AttachEpoch;
        Assert.Equal([LoadOutcome.Loaded], (await server.Pages.LoadAsync(load)).Outcomes);
        await server.AssertSoundAsync();
    }

    [Fact]
    public async Task OwnersAreListedWithTheirPages()
    {
        await using TestServer server = await TestServer.StartAsync();
        AreaService.AreaServiceClient areas = new(server.Channel);
        AttachResponse owner = await areas.AttachAsync(Ask(AttachMode.Exclusive, "vm 7 on host 3"));
        ulong[] slots = [0, 300, 20_000];
        byte[][] pages = [PageKinds.Text(1), PageKinds.Noise(2), PageKinds.Filled(3)];
        StoreRequest store = Batch.Store(slots, pages, generation: 9, area: Area);
        store.AttachEpoch = owner.AttachEpoch;
        await server.Pages.StoreAsync(store);

        AreaStatistics listed = Assert.Single((await server.Admin.ListAreasAsync(new ListAreasRequest())).Areas);
        Assert.Equal(("vm 7 on host 3", 3UL, false), (listed.Holder, listed.Pages, listed.Orphaned));

        ListPagesRequest list = new()
        {
            Tenant = TestServer.TenantA,
            Area = Area,
            AttachEpoch = owner.AttachEpoch,
            MaxPages = 2,
        };
        ListPagesResponse first = await areas.ListPagesAsync(list);
        Assert.Equal(slots[..2], first.Slots);
        Assert.Equal(20_000UL, first.NextSlot);
        Assert.Equal(store.PageChecksums.Take(2), first.PageChecksums);
        list.FirstSlot = first.NextSlot;
        ListPagesResponse rest = await areas.ListPagesAsync(list);
        Assert.Equal([20_000UL], rest.Slots);
        Assert.Equal(0UL, rest.NextSlot);
        list.AttachEpoch++;
        Assert.True((await areas.ListPagesAsync(list)).Fenced);

        KeepAliveRequest sign = new() { Tenant = TestServer.TenantA, Area = Area, AttachEpoch = owner.AttachEpoch };
        Assert.False((await areas.KeepAliveAsync(sign)).Fenced);
        DetachResponse gone = await areas.DetachAsync(
            new DetachRequest { Tenant = TestServer.TenantA, Area = Area, AttachEpoch = owner.AttachEpoch });
        Assert.Equal(3UL, gone.Pages);
        Assert.True((await areas.KeepAliveAsync(sign)).Fenced);
        Assert.Empty((await server.Admin.ListAreasAsync(new ListAreasRequest())).Areas);
    }

    [Theory]
    [InlineData("mode")]
    [InlineData("holder")]
    [InlineData("session_token")]
    [InlineData("attempt")]
    [InlineData("discard_pages")]
    [InlineData("area")]
    [InlineData("tenant")]
    public async Task WrongAttachIsRefusedAndNamesTheField(string field)
    {
        await using TestServer server = await TestServer.StartAsync();
        AttachRequest request = Ask(AttachMode.Resume, "x");
        request.Attempt = Token();
        switch (field)
        {
            case "mode":
                request.Mode = (AttachMode)9;
                break;
            case "holder":
                request.Holder = "two\nlines";
                break;
            case "session_token":
                request.SessionToken = ByteString.CopyFrom(new byte[15]);
                break;
            case "attempt":
                request.Attempt = ByteString.Empty;
                break;
            case "discard_pages":
                request.DiscardPages = true;
                break;
            case "area":
                request.Area = 1024;
                break;
            default:
                request.Tenant = "nobody";
                break;
        }

        RpcException refused = await Assert.ThrowsAsync<RpcException>(
            () => new AreaService.AreaServiceClient(server.Channel).AttachAsync(request).ResponseAsync);

        Assert.StartsWith(field, refused.Status.Detail, StringComparison.Ordinal);
        Assert.Empty((await server.Admin.ListAreasAsync(new ListAreasRequest())).Areas);
    }

    private static async Task<ExchangeResponse> StoreOverAsync(
        AsyncDuplexStreamingCall<ExchangeRequest, ExchangeResponse> stream, ulong id, ulong epoch)
    {
        StoreRequest store = Batch.Store(5, PageKinds.Text((int)id), generation: id, area: Area);
        store.AttachEpoch = epoch;
        await stream.RequestStream.WriteAsync(new ExchangeRequest { RequestId = id, Store = store });
        Assert.True(await stream.ResponseStream.MoveNext(CancellationToken.None));
        return stream.ResponseStream.Current;
    }

    private static AttachRequest Ask(AttachMode mode, string holder) => new()
    {
        Tenant = TestServer.TenantA,
        Area = Area,
        Mode = mode,
        Holder = holder,
        SessionToken = Token(),
    };

    private static ByteString Token() => ByteString.CopyFrom(Guid.NewGuid().ToByteArray());
}
