using RemoteSwap.Client;
using RemoteSwap.Codec;

namespace RemoteSwap.EndToEnd.Tests.Failures;

/// <summary>Pages of slots, told apart by slot and version, and what the tests ask of an area.</summary>
internal static class SlotPages
{
    private const int VersionShift = 24;
    private static readonly TimeSpan s_liveness = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    /// <summary>A page that does not compress.</summary>
    public static byte[] Of(ulong slot, int version) => PageKinds.Noise((int)slot | (version << VersionShift));

    /// <summary>Attaches to area 0, by as many calls as a slow machine takes: one without an answer may have.</summary>
    public static Task<AttachedArea> AttachAsync(RemoteSwapConnection connection) => UntilAnsweredAsync(
        async () => (await connection.AttachAsync(0, new AttachOptions { Mode = AttachMode.TakeOver })).Area!);

    /// <summary>Stores a version of each of the first slots.</summary>
    public static async Task<StoreOutcome[]> StoreAsync(SwapArea area, int slots, int version)
    {
        ulong[] numbers = First(slots);
        byte[] pages = [.. numbers.SelectMany(slot => Of(slot, version))];
        return await area.StoreAsync(numbers, pages);
    }

    /// <summary>Loads each of the first slots.</summary>
    public static async Task<(LoadOutcome[] Outcomes, byte[] Pages)> LoadAsync(SwapArea area, int slots)
    {
        byte[] pages = new byte[slots * PageSize.Bytes];
        return (await area.LoadAsync(First(slots), pages), pages);
    }

    /// <summary>A loaded page.</summary>
    public static byte[] Page(byte[] pages, int slot) =>
        pages[(slot * PageSize.Bytes)..((slot + 1) * PageSize.Bytes)];

    /// <summary>The numbers of the first slots.</summary>
    public static ulong[] First(int slots) => [.. Enumerable.Range(0, slots).Select(slot => (ulong)slot)];

    /// <summary>Makes a call until the server answers it.</summary>
    public static async Task<T> UntilAnsweredAsync<T>(Func<Task<T>> call)
    {
        using CancellationTokenSource bound = new(s_liveness);
        while (true)
        {
            try
            {
                return await call();
            }
            catch (RemoteSwapException failure) when (
                failure.Error is RemoteSwapError.Unavailable or RemoteSwapError.DeadlineExceeded)
            {
                await Task.Delay(s_pause, bound.Token);
            }
        }
    }
}
