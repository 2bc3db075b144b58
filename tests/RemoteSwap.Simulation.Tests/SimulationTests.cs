using System.Globalization;
using RemoteSwap.Mutants;
using Xunit;

namespace RemoteSwap.Simulation.Tests;

/// <summary>
/// The production code of client and server over a simulated network, clock and scheduler. A fixed budget of seeds;
/// more with REMOTESWAP_SIM_SEEDS, from another one on with REMOTESWAP_SIM_FIRST. A failure names its seed, and that
/// seed alone fails again.
/// </summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    internal const string Type = "RemoteSwap.Simulation.SimRun";
    internal const string Method = "Run";

    private const int DefaultSeeds = 1000;
    private const int SeedsOfOneRun = 100;

    [Fact]
    public void No_seed_breaks_the_contract()
    {
        int first = FromEnvironment("REMOTESWAP_SIM_FIRST", 1);
        int count = FromEnvironment("REMOTESWAP_SIM_SEEDS", DefaultSeeds);
        int runs = (count + SeedsOfOneRun - 1) / SeedsOfOneRun;
        Parallel.For(0, runs, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, run =>
        {
            int start = first + (run * SeedsOfOneRun);
            int seeds = Math.Min(SeedsOfOneRun, first + count - start);
            MutantOutcome outcome = Rewriting.Build.RunControl(Type, Method, start, seeds);
            Assert.False(outcome.Killed, outcome.ToString());
            lock (output)
            {
                output.WriteLine(outcome.Result);

                // Of a test that passes CI shows nothing else.
                Console.WriteLine(outcome.Result);
            }
        });
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public void A_seed_is_the_same_history_each_time(int seed)
    {
        MutantOutcome outcome = Rewriting.Build.RunControl(Type, "RunTwice", seed);
        Assert.False(outcome.Killed, outcome.ToString());
    }

    private static int FromEnvironment(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out int value)
            ? value
            : otherwise;
}
