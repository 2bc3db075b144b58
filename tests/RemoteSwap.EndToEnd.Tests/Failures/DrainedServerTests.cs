using RemoteSwap.Client;

namespace RemoteSwap.EndToEnd.Tests.Failures;

/// <summary>
/// The server is stopped under load and started again, as for an upgrade: clients wait, and every page is there. Killed
/// after that, it has lost them.
/// </summary>
public sealed class DrainedServerTests : IDisposable
{
    private const int Slots = 300;
    private const int Restarts = 3;
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(60);
    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("remoteswap-state-");

    private string[] Args => ["--limit=64MiB", $"--state={_state.FullName}"];

    [Fact]
    public async Task EveryPageIsThereAfterAPlannedRestartUnderLoad()
    {
        await using FailingServer server = await FailingServer.StartAsync(Args);
        await using RemoteSwapConnection connection = server.Connect(s_deadline, waits: true);
        await using AttachedArea area = (await connection.AttachAsync(0)).Area!;
        ulong epoch = area.Epoch;
        Assert.All(await SlotPages.StoreAsync(area.Pages, Slots, version: 1), IsStored);
        using CancellationTokenSource over = new();
        Task<int>[] load =
            [.. Enumerable.Range(0, 4).Select(worker => StoreAndLoadAsync(area.Pages, worker, over.Token))];

        for (int restart = 0; restart < Restarts; restart++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(300));
            (int exitCode, string said) = await server.StopAsync();
            Assert.True(exitCode == 0, said);
            Assert.Contains("drained", said, StringComparison.Ordinal);
            await server.StartAgainAsync(Args);
            Assert.Contains("brought back", server.Said, StringComparison.Ordinal);
        }

        await Task.Delay(TimeSpan.FromMilliseconds(300));
        await over.CancelAsync();
        foreach (Task<int> worker in load)
        {
            Assert.InRange(await worker, 1, int.MaxValue);
        }

        (LoadOutcome[] outcomes, byte[] pages) = await SlotPages.LoadAsync(area.Pages, Slots);
        for (int slot = 0; slot < Slots; slot++)
        {
            Assert.Equal(LoadOutcome.Loaded, outcomes[slot]);
            Assert.Equal(SlotPages.Of((ulong)slot, version: 1), SlotPages.Page(pages, slot));
        }

        Assert.Equal((epoch, false), (area.Epoch, area.Fenced.IsCancellationRequested));

        // What was drained was brought back once: a crash loses it.
        await server.KillAsync();
        await server.StartAgainAsync(Args);
        Assert.DoesNotContain("brought back", server.Said, StringComparison.Ordinal);
        (outcomes, _) = await SlotPages.UntilAnsweredAsync(() => SlotPages.LoadAsync(area.Pages, Slots));
        Assert.All(outcomes, outcome => Assert.Equal(LoadOutcome.Lost, outcome));
        Assert.False(area.Fenced.IsCancellationRequested);
    }

    [Fact]
    public async Task AStartThatWouldLosePagesSaysWhatToDo()
    {
        await using FailingServer server = await FailingServer.StartAsync(Args);
        await using RemoteSwapConnection connection = server.Connect(s_deadline, waits: true);
        Assert.All(await SlotPages.StoreAsync(connection.Area(0), Slots, version: 1), IsStored);
        Assert.Equal(0, (await server.StopAsync()).ExitCode);

        InvalidOperationException refused = await Assert.ThrowsAsync<InvalidOperationException>(
            () => server.StartAgainAsync("--limit=1MiB", $"--state={_state.FullName}"));
        Assert.Contains("State:Discard", refused.Message, StringComparison.Ordinal);

        await server.StartAgainAsync(Args);
        (LoadOutcome[] outcomes, _) = await SlotPages.LoadAsync(connection.Area(0), Slots);
        Assert.All(outcomes, outcome => Assert.Equal(LoadOutcome.Loaded, outcome));
    }

    public void Dispose() => _state.Delete(recursive: true);

    // On slots of its own: what was acknowledged last is what is loaded, whatever happens to the server meanwhile.
    private static async Task<int> StoreAndLoadAsync(SwapArea area, int worker, CancellationToken over)
    {
        const int Own = 16;
        byte[] loaded = new byte[4096];
        int version = 0;
        while (!over.IsCancellationRequested)
        {
            version++;
            for (int i = 0; i < Own; i++)
            {
                ulong slot = (ulong)(9_000 + (worker * Own) + i);
                byte[] page = SlotPages.Of(slot, version);
                Assert.Equal(StoreOutcome.Stored, await area.StoreAsync(slot, page, CancellationToken.None));
                Assert.Equal(LoadOutcome.Loaded, await area.LoadAsync(slot, loaded, CancellationToken.None));
                Assert.True(page.AsSpan().SequenceEqual(loaded));
            }
        }

        return version;
    }

    private static void IsStored(StoreOutcome outcome) => Assert.Equal(StoreOutcome.Stored, outcome);
}
