using RemoteSwap.Store.Tests.Rig;
using Xunit;

namespace RemoteSwap.Store.Tests.Lives;

/// <summary>
/// Everything that can happen to a page, in random order, over many lives of a server. TESTS_LIVES is how many
/// histories, TESTS_SEED where their seeds begin.
/// </summary>
public sealed class LifeTests
{
    private const int HistoriesByDefault = 60;
    private const int HistoriesOfASample = 12;
    private const int LivesOfAHistory = 5;
    private const int StepsOfALife = 80;

    [Fact]
    public async Task Whatever_happens_a_page_is_what_was_stored_last_or_is_told_to_be_lost()
    {
        int seed = Wanted.Number("TESTS_SEED") ?? Environment.TickCount & int.MaxValue;
        TestContext.Current.TestOutputHelper?.WriteLine($"TESTS_SEED={seed}");
        await RunAsync(seed, Wanted.Number("TESTS_LIVES") ?? HistoriesByDefault);
    }

    // For the canaries, and for a quick look.
    [Fact]
    public async Task A_fixed_sample_of_lives_agrees_with_the_model() => await RunAsync(seed: 1, HistoriesOfASample);

    private static async Task RunAsync(int seed, int histories)
    {
        int evicted = 0;
        int spilled = 0;
        int lost = 0;
        for (int history = 0; history < histories; history++)
        {
            using LifeRun run = new(seed + history);
            try
            {
                await run.RunAsync(LivesOfAHistory, StepsOfALife);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                throw new InvalidOperationException(
                    $"TESTS_SEED={seed + history} TESTS_LIVES=1: {failure.Message}", failure);
            }

            evicted += run.Evicted;
            spilled += run.Spilled;
            lost += run.Lost;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{evicted} pages evicted, {spilled} spilled, {lost} lost");
        Assert.True(evicted > 0 && spilled > 0 && lost > 0, "all that can become of a page has happened");
    }
}
