using RemoteSwap.Store.Tests.Rig;
using Xunit;

namespace RemoteSwap.Store.Tests.Crash;

/// <summary>
/// Thousands of servers that are killed at random steps, each followed by one over what it left behind. TESTS_KILLS is
/// how many, TESTS_SEED where the seeds begin.
/// </summary>
public sealed class CrashTests
{
    private const int LivesOfARun = 10;
    private const int KillsByDefault = 2000;
    private const int KillsOfASample = 250;

    [Fact]
    public async Task Whatever_moment_a_server_is_killed_at_the_next_has_what_was_spilled_and_nothing_else()
    {
        int seed = Wanted.Number("TESTS_SEED") ?? Environment.TickCount & int.MaxValue;
        TestContext.Current.TestOutputHelper?.WriteLine($"TESTS_SEED={seed}");

        (int kept, int lost) = await RunAsync(seed, Wanted.Number("TESTS_KILLS") ?? KillsByDefault);

        Assert.True(kept > 0 && lost > 0, $"{kept} pages were kept and {lost} lost: this proves nothing");
    }

    // For the canaries.
    [Fact]
    public async Task A_fixed_sample_of_kills_leaves_what_was_spilled_and_nothing_else() =>
        await RunAsync(seed: 1, KillsOfASample);

    private static async Task<(int Kept, int Lost)> RunAsync(int seed, int kills)
    {
        int kept = 0;
        int lost = 0;
        for (int run = 0; run < kills / LivesOfARun; run++)
        {
            using CrashRun lives = new(seed + run);
            await lives.RunAsync(LivesOfARun);
            kept += lives.Kept;
            lost += lives.Lost;
        }

        return (kept, lost);
    }
}
