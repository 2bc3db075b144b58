namespace RemoteSwap.LoadGen.Chaos.Load;

/// <summary>
/// One worker: calls of all kinds on slots that the other workers touch too, as whoever owns the area, until the run
/// ends. Single pages and batches, neighbouring slots and scattered ones, a few slots much more often than others.
/// </summary>
internal sealed class ChaosWorker(ChaosBed bed, AreaOwners owners, int slots, SeededRandom random)
{
    private const int LoadPercent = 50;
    private const int StorePercent = 38;
    private const int HotSlots = 32;

    // A little slower than it could be, so that the faults and not the load are what is tried.
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_failurePause = TimeSpan.FromMilliseconds(20);

    private readonly ChaosCalls _calls = new(bed);
    private readonly ulong[] _slots = new ulong[ChaosCalls.MaxPages];

    /// <summary>Works until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            ReadOnlyMemory<ulong> chosen = _slots.AsMemory(0, Choose());
            AreaOwner owner = owners.Current;
            int dice = random.Next(100);
            bool answered = dice switch
            {
                < LoadPercent => await _calls.LoadAsync(owner, chosen),
                < LoadPercent + StorePercent => await _calls.StoreAsync(owner, chosen),
                _ => await _calls.InvalidateAsync(owner, chosen),
            };
            await Task.Delay(answered ? s_pause : s_failurePause, bed.Clock, stop)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // No slot twice in a call.
    private int Choose()
    {
        int count = random.Next(3) == 0 ? 1 : 1 + random.Next(ChaosCalls.MaxPages);
        int range = random.Next(2) == 0 ? Math.Min(HotSlots, slots) : slots;
        int step = random.Next(2) == 0 ? 1 : Math.Max(1, range / ChaosCalls.MaxPages);
        int first = random.Next(range);
        for (int i = 0; i < count; i++)
        {
            _slots[i] = (ulong)((first + (i * step)) % range);
        }

        return count;
    }
}
