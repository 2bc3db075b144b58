using RemoteSwap.Client;
using RemoteSwap.Codec;

namespace RemoteSwap.EndToEnd.Tests.Failures;

/// <summary>
/// A full server that makes room: a page that waits for it is sent again, and its caller sees one store.
/// </summary>
public sealed class FullServerTests : IDisposable
{
    private const int Stores = 400;
    private const int Batch = 64;
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(30);
    private readonly string _spill = Path.Combine(Path.GetTempPath(), $"remoteswap-full-{Guid.NewGuid():N}");

    public void Dispose() => File.Delete(_spill);

    [Fact]
    public async Task AStoreThatSucceedsIsNeverSeenAsNoPage()
    {
        await using FailingServer server =
            await FailingServer.StartAsync("--limit=1MiB", $"--spill={_spill}", "--spill-limit=1GiB");
        await using RemoteSwapConnection connection = server.Connect(s_deadline);
        await using AttachedArea area = (await connection.AttachAsync(0)).Area!;
        using CancellationTokenSource over = new();
        Task[] flood = [.. Enumerable.Range(1, 3).Select(worker => FloodAsync(area.Pages, worker, over.Token))];
        int seen = 0;
        try
        {
            bool isStored = false;
            for (int version = 1; version <= Stores; version++)
            {
                Task<StoreOutcome> store = area.Pages.StoreAsync(0, SlotPages.Of(0, version)).AsTask();
                bool wasStored = isStored;
                int missing = 0;
                while (!store.IsCompleted)
                {
                    byte[] page = new byte[PageSize.Bytes];
                    LoadOutcome outcome = await area.Pages.LoadAsync(0, page);
                    missing += outcome is LoadOutcome.NotFound ? 1 : 0;
                }

                isStored = await store == StoreOutcome.Stored;
                seen += isStored && wasStored ? missing : 0;
            }
        }
        finally
        {
            await over.CancelAsync();
            await Task.WhenAll(flood);
        }

        Assert.Equal(0, seen);
    }

    private static async Task FloodAsync(SwapArea area, int worker, CancellationToken over)
    {
        for (int turn = 0; !over.IsCancellationRequested; turn++)
        {
            ulong first = (ulong)((worker * 1_000_000) + (turn % 100 * Batch));
            ulong[] slots = [.. Enumerable.Range(0, Batch).Select(i => first + (ulong)i)];
            byte[] pages = [.. slots.SelectMany(slot => SlotPages.Of(slot, version: 1))];
            await area.StoreAsync(slots, pages, StoreMode.EachPage, CancellationToken.None);
        }
    }
}
