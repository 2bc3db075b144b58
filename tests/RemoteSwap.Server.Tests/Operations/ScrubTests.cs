using System.Buffers;
using System.Net;
using Grpc.Health.V1;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using RemoteSwap.Codec;
using RemoteSwap.Server.Grpc;
using RemoteSwap.Server.Hosting;
using RemoteSwap.Store;

namespace RemoteSwap.Server.Tests.Operations;

/// <summary>The scrubber in a server: its clock, its failures, its figures, and what health makes of them.</summary>
public sealed class ScrubTests
{
    private const ulong Number = 5;

    [Fact]
    public async Task CorruptPagesDegradeTheServerAndItServesOn()
    {
        await using TestServer server = await TestServer.StartAsync(TestServer.WithoutScrubber);
        await server.StoreOneAsync(Number, PageKinds.Text(1));
        await server.StoreOneAsync(Number + 1, PageKinds.Text(2));
        Flip(server.Server.PageStore);
        V1.LoadResponse reply = await server.Pages.LoadAsync(Batch.Load([Number]));
        Assert.Equal(V1.LoadOutcome.Corrupt, Assert.Single(reply.Outcomes));

        (HttpStatusCode status, string text) = await server.GetAsync("/health/ready");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("\"Degraded\"", text);
        Assert.Contains(TestServer.TenantA, text);
        Assert.DoesNotContain(TestServer.TenantB, text);
        Assert.Contains("corrupt pages were found 1 times since the start", text);
        Assert.Contains("move its clients to another server", text);
        foreach (string name in (string[])["", "readiness", V1.PageStoreService.Descriptor.FullName])
        {
            HealthCheckResponse health = await new Health.HealthClient(server.Channel).CheckAsync(
                new HealthCheckRequest { Service = name });
            Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, health.Status);
        }

        await server.AssertHoldsAsync([Number + 1], [PageKinds.Text(2)]);
    }

    [Fact]
    public async Task TheClockSaysHowFarItGoesAndFiguresSayWhatWasFound()
    {
        FakeTimeProvider clock = new();
        using PageStore store = NewStore(target: null);
        using ScrubService service = new(store, clock, NullLogger<ScrubService>.Instance);
        Flip(store);

        await service.TickAsync(CancellationToken.None);
        Assert.Equal(0ul, TenantReport.Of(store.Tenants[0]).ScrubbedPages);
        await AdvanceAsync(clock, service, TimeSpan.FromMilliseconds(100));
        Assert.Equal(1ul, TenantReport.Of(store).ScrubPasses);
        await AdvanceAsync(clock, service, TimeSpan.FromSeconds(59));
        Assert.Equal(1ul, TenantReport.Of(store).ScrubPasses);
        await AdvanceAsync(clock, service, TimeSpan.FromSeconds(1));

        Assert.Equal(2ul, TenantReport.Of(store).ScrubPasses);
        V1.TenantStatistics figures = TenantReport.Of(store.Tenants[0]);
        Assert.Equal(
            (2ul, 2ul, 2ul), (figures.ScrubbedPages, figures.ScrubCorruptPages, figures.CorruptPages));
    }

    [Fact]
    public async Task AFailureEndsThePassAndTheNextOneTriesAgain()
    {
        FakeTimeProvider clock = new();
        BrokenTarget target = new();
        using PageStore store = NewStore(target);
        using ScrubService service = new(store, clock, NullLogger<ScrubService>.Instance);
        await store.ReclaimAsync(store.Tenants[0], 1, 8);
        int users = target.Users;

        await AdvanceAsync(clock, service, TimeSpan.FromSeconds(1));
        Assert.Equal((0, users), (store.Scrubber.Passes, target.Users));
        target.FailReads = false;
        await AdvanceAsync(clock, service, TimeSpan.FromMinutes(1));

        Assert.Equal((1, users), (store.Scrubber.Passes, target.Users));
        Assert.Equal(1, store.Tenants[0].CorruptPages);
    }

    [Fact]
    public async Task ItRunsInAServerByItself()
    {
        await using TestServer server = await TestServer.StartAsync();
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(60));
        ulong passes = 0;
        while (passes == 0 && !deadline.IsCancellationRequested)
        {
            passes = (await server.Admin.ListTenantsAsync(new V1.ListTenantsRequest())).Server.ScrubPasses;
        }

        Assert.Equal(1ul, passes);
    }

    private static Task AdvanceAsync(FakeTimeProvider clock, ScrubService service, TimeSpan time)
    {
        clock.Advance(time);
        return service.TickAsync(CancellationToken.None);
    }

    // A store with one page.
    private static PageStore NewStore(IWritebackTarget? target)
    {
        PageStore store = new(
            new StoreOptions { LimitBytes = 8 << 20 },
            new Dictionary<string, TenantOptions>(StringComparer.Ordinal) { [TestServer.TenantA] = new() },
            target);
        byte[] page = PageKinds.Noise(1);
        StoreBatch batch = new() { Count = 1, Zpages = new ReadOnlySequence<byte>(page) };
        batch.Slots[0] = Number;
        batch.Sizes[0] = page.Length;
        batch.Encodings[0] = ZpageEncoding.Raw;
        batch.ZpageChecksums[0] = PageChecksum.OfZpage(page);
        store.Store(store.Tenants[0], batch);
        Assert.Equal(StoreOutcome.Stored, batch.Outcomes[0]);
        return store;
    }

    private static void Flip(PageStore store)
    {
        Assert.True(store.TryGetTenant(TestServer.TenantA, out Tenant? tenant));
        Slot slot = new(Number);
        Shard shard = tenant.ShardOf(default, slot);
        lock (shard.Gate)
        {
            shard.Pool.Map(shard.Index[default, slot].Handle)[20] ^= 1;
        }
    }
}
