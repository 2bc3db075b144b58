using RemoteSwap.V1;

namespace RemoteSwap.Server.Tests.Exchange;

/// <summary>Spilled pages are read beside the stream; what a Load sees is still what stood before it.</summary>
public sealed class SpilledExchangeTests
{
    private static readonly ulong[] s_slots = Batch.Slots(120);
    private static readonly byte[][] s_pages = [.. s_slots.Select(slot => PageKinds.Any((int)slot))];

    [Fact]
    public async Task LoadsOfSpilledPagesSeeTheOrderOfTheStream()
    {
        using SpillFolder folder = new();
        await using TestServer server = await TestServer.StartAsync(folder.Settings("8MiB"));
        await server.Pages.StoreAsync(Batch.Store(s_slots, s_pages));
        await server.Pages.ReclaimAsync(
            new ReclaimRequest { Tenant = TestServer.TenantA, TargetFrames = 1000, Retries = 8 });
        byte[][] others = [.. s_slots.Select(slot => PageKinds.Text(1000 + (int)slot))];
        ExchangeScript script = new();

        // More loads of spilled pages than may be under way at a time.
        ulong[] before = [.. Enumerable.Range(0, 200).Select(_ => script.Add(Batch.Load(s_slots)))];
        script.Add(Batch.Store(s_slots, others, generation: 2));
        ulong after = script.Add(Batch.Load(s_slots));

        ExchangeReplies replies = await script.RunAsync(server);

        Assert.Equal(0, replies.Status);
        Assert.All(before, id => LoadedPages.AssertAre(replies[id].Load, s_slots, s_pages));
        LoadedPages.AssertAre(replies[after].Load, s_slots, others);
        await server.AssertSoundAsync();
    }
}
