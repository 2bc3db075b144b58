using System.Net;
using CsCheck;
using Google.Protobuf;
using Grpc.Core;
using RemoteSwap.V1;

namespace RemoteSwap.Server.Tests.BadInput;

/// <summary>
/// Random bytes in any field, and in place of messages: every call is answered, and afterwards the server is healthy,
/// its
/// books balance and pages go in and out. CsCheck prints the seed of a failure and takes one from CsCheck_Seed.
/// </summary>
public sealed class RandomBytesTests
{
    // A random batch may well be right and store or forget a page; another tenant's page it may never touch.
    private static readonly byte[] s_kept = PageKinds.Text(1);

    private static readonly string[] s_methods =
    [
        .. PageStoreService.Descriptor.Methods.Concat(AdminService.Descriptor.Methods)
            .Concat(AreaService.Descriptor.Methods)
            .Select(method => $"/{method.Service.FullName}/{method.Name}"),
    ];

    [Fact]
    public async Task RandomStoresNeverCrashTheServer()
    {
        await using TestServer server = await StartAsync();
        await RandomMessages.Stores.SampleAsync(
            r => AssertAnsweredAsync(server.Pages.StoreAsync(r)), iter: 800, threads: 2);
        await RandomMessages.Zpages.SampleAsync(
            r => AssertAnsweredAsync(server.Pages.StoreAsync(r)), iter: 800, threads: 2);
        await AssertAliveAsync(server);
    }

    [Fact]
    public async Task RandomCallsNeverCrashTheServer()
    {
        await using TestServer server = await StartAsync();
        await server.Pages.StoreAsync(Batch.Store(Batch.Slots(40), [.. Enumerable.Range(0, 40).Select(PageKinds.Any)]));
        await RandomMessages.Loads.SampleAsync(
            r => AssertAnsweredAsync(server.Pages.LoadAsync(r)), iter: 500, threads: 2);
        await RandomMessages.Invalidations.SampleAsync(
            r => AssertAnsweredAsync(server.Pages.InvalidateAsync(r)), iter: 500, threads: 2);
        await RandomMessages.Areas.SampleAsync(
            r => AssertAnsweredAsync(server.Pages.InvalidateAreaAsync(r)), iter: 200, threads: 2);
        await RandomMessages.Reclaims.SampleAsync(
            r => AssertAnsweredAsync(server.Pages.ReclaimAsync(r)), iter: 200, threads: 2);
        await RandomMessages.Pings.SampleAsync(
            r => AssertAnsweredAsync(server.Pages.PingAsync(r)), iter: 200, threads: 2);
        await RandomMessages.Admin.SampleAsync(r => CallAdminAsync(server, r), iter: 200, threads: 2);
        await AssertAliveAsync(server);
    }

    [Fact]
    public async Task RandomBodiesNeverCrashTheServer()
    {
        await using TestServer server = await StartAsync();
        byte[] right = Batch.Store(Batch.Slots(4), [.. Enumerable.Range(0, 4).Select(PageKinds.Any)]).ToByteArray();
        Gen<byte[]> flipped = Gen.Select(Gen.OneOf(Gen.Int[0, 150], Gen.Int[0, right.Length - 1]), Gen.Byte).Array[1, 6]
            .Select(changes => RawCall.Framed(Change(right, changes)));
        Gen<byte[]> body = Gen.Frequency(
            (4, Gen.Byte.Array[0, 200].Select(message => RawCall.Framed(message))),
            (4, flipped),
            (2, Gen.Byte.Array[0, 60]),
            (1, Gen.Select(Gen.Byte.Array[0, 60], Gen.Byte).Select(
                (message, compressed) => RawCall.Framed(message, compressed))),
            (1, Gen.Byte.Array[0, 60].Select(
                message => (byte[])[.. RawCall.Framed(message), .. RawCall.Framed(message)])),
            (1, Gen.Int[0, right.Length].Select(length => RawCall.Framed(right)[..length])));

        await Gen.Select(body, Gen.Int[0, s_methods.Length - 1]).SampleAsync(
            async (bytes, method) =>
            {
                using ByteArrayContent content = new(bytes);
                (int status, _) = await RawCall.PostAsync(server.Server.GrpcAddress, s_methods[method], content);
                Assert.InRange(status, 0, 16);
            },
            iter: 1500,
            threads: 2);
        await AssertAliveAsync(server);
    }

    private static async Task<TestServer> StartAsync()
    {
        TestServer server = await TestServer.StartAsync();
        await server.Pages.StoreAsync(Batch.Store(7, s_kept, tenant: TestServer.TenantB));
        return server;
    }

    // INTERNAL and UNKNOWN are what a server says when something escaped it.
    private static async Task AssertAnsweredAsync<T>(AsyncUnaryCall<T> call)
    {
        try
        {
            await call;
        }
        catch (RpcException refusal)
        {
            Assert.Contains(
                refusal.StatusCode,
                (StatusCode[])[StatusCode.InvalidArgument, StatusCode.OutOfRange, StatusCode.NotFound]);
        }
    }

    private static Task CallAdminAsync(TestServer server, IMessage request) => request switch
    {
        GetTenantRequest get => AssertAnsweredAsync(server.Admin.GetTenantAsync(get)),
        CheckInvariantsRequest check => AssertAnsweredAsync(server.Admin.CheckInvariantsAsync(check)),
        CompactRequest compact => AssertAnsweredAsync(server.Admin.CompactAsync(compact)),
        SetTenantLimitsRequest limits => AssertAnsweredAsync(server.Admin.SetTenantLimitsAsync(limits)),
        _ => throw new ArgumentOutOfRangeException(nameof(request), request, "no admin request"),
    };

    private static async Task AssertAliveAsync(TestServer server)
    {
        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync("/health/ready")).Status);
        await server.AssertSoundAsync();
        await server.AssertHoldsAsync([7], [s_kept], TestServer.TenantB);

        // What random admin calls may have set.
        await server.Admin.SetTenantLimitsAsync(
            new SetTenantLimitsRequest { Tenant = TestServer.TenantA, Enabled = true, LimitBytes = 1 << 30 });
        // A random call may have left any page and any generation behind: who attaches begins anew.
        AreaService.AreaServiceClient areas = new(server.Channel);
        AttachResponse owner = await areas.AttachAsync(new AttachRequest
        {
            Tenant = TestServer.TenantA,
            Mode = AttachMode.TakeOver,
            SessionToken = ByteString.CopyFrom(new byte[16]),
            DiscardPages = true,
        });
        byte[][] pages = [.. Enumerable.Range(0, 100).Select(PageKinds.Any)];
        ulong[] slots = Batch.Slots(100, first: 5000);
        StoreRequest store = Batch.Store(slots, pages);
        store.AttachEpoch = owner.AttachEpoch;
        StoreResponse stored = await server.Pages.StoreAsync(store);
        Assert.All(
            stored.Outcomes,
            outcome => Assert.True(outcome is StoreOutcome.Stored or StoreOutcome.SameFilled, $"{outcome}"));
        await areas.DetachAsync(new DetachRequest
        {
            Tenant = TestServer.TenantA,
            AttachEpoch = owner.AttachEpoch,
            KeepPages = true,
        });
        await server.AssertHoldsAsync(slots, pages);
    }

    private static byte[] Change(byte[] right, (int Place, byte Value)[] changes)
    {
        byte[] changed = [.. right];
        foreach ((int place, byte value) in changes)
        {
            changed[place] = value;
        }

        return changed;
    }
}
