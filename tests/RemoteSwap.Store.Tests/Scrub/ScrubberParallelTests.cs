using RemoteSwap.Store.Tests.Rig;
using Xunit;

namespace RemoteSwap.Store.Tests.Scrub;

/// <summary>
/// The scrubber beside everything else. Freed frames are overwritten, so a page that it compares after it was freed
/// would be found corrupt.
/// </summary>
public sealed class ScrubberParallelTests
{
    private const int Workers = 3;
    private const int OperationsPerWorker = 4000;
    private const int SlotsPerWorker = 300;

    // A worker lets a pass go by after each of so many operations: on a busy machine there would else be none.
    private const int OperationsPerPass = 100;

    [Fact]
    public async Task Nothing_is_found_and_the_books_balance_while_pages_come_and_go()
    {
        using StoreRig rig = new(target: new MemoryTarget(), tenantA: new TenantOptions { Shards = 2 });
        using SemaphoreSlim turn = new(1);
        await Task.WhenAll(
            Enumerable.Range(0, Workers).Select(worker => Task.Run(() => WorkAsync(rig, turn, worker))));

        TenantStatistics figures = rig.Figures();
        Assert.True(rig.Store.Scrubber.Passes > 0);
        Assert.True(figures.ScrubbedPages > 0);
        Assert.True(figures.ReclaimedFrames > 0);
        Assert.Equal(0, figures.CorruptPages);
        rig.AssertClean(deep: true);
        for (ulong slot = 0; slot < Workers * SlotsPerWorker; slot++)
        {
            rig.Forget(slot);
        }

        rig.AssertEmpty();
    }

    private static async Task WorkAsync(StoreRig rig, SemaphoreSlim turn, int worker)
    {
        Random random = new(worker);
        for (int operation = 0; operation < OperationsPerWorker; operation++)
        {
            ulong slot = (ulong)((worker * SlotsPerWorker) + random.Next(SlotsPerWorker));
            switch (random.Next(8))
            {
                case 0 or 1:
                    rig.Forget(slot);
                    break;
                case 2:
                    await rig.Store.ReclaimAsync(rig.TenantA, 4, 2);
                    break;
                case 3:
                    rig.Compact(4);
                    break;
                default:
                    int kind = random.Next(8);
                    rig.Put(slot, Zpages.Make(operation, kind < 2 ? 4096 + (kind * 26) : random.Next(40, 3900)));
                    break;
            }

            if (operation % OperationsPerPass == 0)
            {
                await PassAsync(rig, turn);
            }
        }
    }

    // One task at a time, whichever it is; the other workers go on meanwhile.
    private static async Task PassAsync(StoreRig rig, SemaphoreSlim turn)
    {
        await turn.WaitAsync();
        try
        {
            await rig.ScrubAsync();
        }
        finally
        {
            turn.Release();
        }
    }
}
