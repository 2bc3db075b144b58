using RemoteSwap.Client.Tests.Fakes;
using RemoteSwap.V1;
using Xunit;

namespace RemoteSwap.Client.Tests;

/// <summary>
/// Every lie that a server can tell in the reply of a load. Either the one page is corrupt and the others are right, or
/// the call fails as a breach of the contract; wrong bytes never come through.
/// </summary>
public abstract class LyingLoadTests(int streams)
{
    private const uint Area = PageLies.Area;

    private static readonly ulong[] Slots = [.. PageLies.Slots];
    private static readonly byte[] Stored = PageLies.Stored();

    public static TheoryData<string> Violations { get; } = new(ShapeLies.All.Keys);

    public static TheoryData<string> Corruptions { get; } = new(PageLies.All.Keys);

    [Theory]
    [MemberData(nameof(Violations))]
    public async Task BrokenReplyFailsAsABreachOfTheContract(string lie)
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams);
        await connection.Area(Area).StoreAsync(Slots, Stored);
        (string word, Action<LoadResponse> tell) = ShapeLies.All[lie];
        server.Store.Lie(tell);

        RemoteSwapException failure = await Assert.ThrowsAsync<RemoteSwapException>(
            async () => await connection.Area(Area).LoadAsync(Slots, new byte[Stored.Length]));

        Assert.Equal(RemoteSwapError.Protocol, failure.Error);
        Assert.Contains(word, failure.Message, StringComparison.Ordinal);
        Assert.Contains("tenant 'vm7', area 2, 4 slots from 0 to 3", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Corruptions))]
    public async Task PageThatDoesNotVerifyIsCorruptAndTheOthersAreRight(string lie)
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams);
        await connection.Area(Area).StoreAsync(Slots, Stored);
        (int corrupt, Action<LoadResponse> tell) = PageLies.All[lie];
        server.Store.Lie(tell);
        byte[] loaded = new byte[Stored.Length];
        loaded.AsSpan().Fill(0xEE);

        LoadOutcome[] outcomes = await connection.Area(Area).LoadAsync(Slots, loaded);

        for (int page = 0; page < Slots.Length; page++)
        {
            Assert.Equal(page == corrupt ? LoadOutcome.Corrupt : LoadOutcome.Loaded, outcomes[page]);
            Assert.Equal(page == corrupt ? new byte[4096] : Pages.Nth(Stored, page), Pages.Nth(loaded, page));
        }
    }

    [Fact]
    public async Task OlderPageUnderTheNewerGenerationIsCorrupt()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams);
        SwapArea area = connection.Area(Area);
        await area.StoreAsync(9, Pages.Text(1));
        StoredPage old = server.Store.Find(Area, 9)!;
        await area.StoreAsync(9, Pages.Text(2));
        server.Store.Lie<LoadResponse>(r =>
        {
            r.Replace(0, old.Zpage);
            r.PageChecksums[0] = old.PageChecksum;
        });
        byte[] loaded = new byte[4096];

        Assert.Equal(LoadOutcome.Corrupt, await area.LoadAsync(9, loaded));
        Assert.Equal(new byte[4096], loaded);
    }

    [Theory]
    [InlineData(V1.LoadOutcome.IoError, LoadOutcome.IoError)]
    [InlineData(V1.LoadOutcome.Invariant, LoadOutcome.Invariant)]
    public async Task OutcomeOfTheServerIsPassedOnAndTheRoomIsCleared(V1.LoadOutcome wire, LoadOutcome expected)
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams);
        server.Store.Lie<LoadResponse>(r => r.Outcomes[0] = wire);
        byte[] loaded = Pages.Noise(1);

        Assert.Equal(expected, await connection.Area(Area).LoadAsync(1, loaded));
        Assert.Equal(new byte[4096], loaded);
    }
}
