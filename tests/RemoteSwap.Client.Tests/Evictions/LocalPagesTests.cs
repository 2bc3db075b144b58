using Xunit;

namespace RemoteSwap.Client.Tests.Evictions;

/// <summary>The eviction file against a model, by seeds: REMOTESWAP_EVICTION_SEEDS of them, from FIRST on.</summary>
public sealed class LocalPagesTests
{
    private const int Operations = 300;
    private const int DefaultSeeds = 60;

    [Fact]
    public async Task Every_load_is_right_whatever_crashes_and_comes_late()
    {
        string? wanted = Environment.GetEnvironmentVariable("REMOTESWAP_EVICTION_SEEDS");
        int found = await RunAsync(first: 1, wanted is null ? DefaultSeeds : int.Parse(wanted));
        Assert.True(found > 30, $"only {found} pages were found in files");
    }

    internal static async Task<int> RunAsync(int first, int seeds)
    {
        int found = 0;
        for (int seed = first; seed < first + seeds; seed++)
        {
            using LocalPagesRun run = new(seed);
            try
            {
                await run.RunAsync(Operations);
            }
            catch (InvalidOperationException violation)
            {
                throw new InvalidOperationException($"seed {seed}: {violation.Message}", violation);
            }

            found += run.FoundHere;
        }

        return found;
    }
}
