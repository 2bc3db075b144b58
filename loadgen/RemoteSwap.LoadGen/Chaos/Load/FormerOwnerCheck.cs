namespace RemoteSwap.LoadGen.Chaos.Load;

/// <summary>
/// Tries as the former owner of an area what it may not do any more. That nothing of it has an effect is judged with
/// all else by the histories; here, that it is told so.
/// </summary>
internal static class FormerOwnerCheck
{
    private static readonly ulong[] s_slots = [0, 1, 2, 3, 40];

    // Longer than it takes to tell, shorter than anybody would wait.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>Tries it.</summary>
    /// <returns>What went wrong; empty: nothing.</returns>
    public static async Task<string> RunAsync(ChaosBed bed, AreaOwner former)
    {
        ChaosCalls calls = new(bed);
        await calls.StoreAsync(former, s_slots);
        await calls.InvalidateAsync(former, s_slots);
        await calls.LoadAsync(former, s_slots);

        TaskCompletionSource told = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration registration = former.Area.Fenced.Register(() => told.TrySetResult());
        try
        {
            await told.Task.WaitAsync(s_patience, bed.Clock);
            return string.Empty;
        }
        catch (TimeoutException)
        {
            return $"the former owner, session {former.Session}, was not told that it is fenced within "
                + $"{s_patience.TotalSeconds:F0} s";
        }
    }
}
