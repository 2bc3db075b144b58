using CsCheck;
using Xunit;

namespace RemoteSwap.Store.Tests.Model;

/// <summary>
/// Random operations on a store and on the naive one. After every operation: the same outcome, all books balanced, and
/// the page that was touched the same, byte for byte; at the end of a run all pages. 100,000 operations and more; a
/// failure prints the seed, which CsCheck_Seed takes.
/// </summary>
public sealed class StoreModelTests
{
    private const int Runs = 250;
    private const int RunsWithRestarts = 100;
    private const int OperationsPerRun = 420;
    private const int FullCheckEvery = 60;

    private static readonly Gen<(int Kind, int Key, int Argument)> Operation =
        Gen.Select(Gen.Int[0, 99], Gen.Int[0, 59], Gen.Int[0, 1_000_000]);

    [Fact]
    public void Any_history_agrees_with_the_naive_store() =>
        Operation.Array[OperationsPerRun].Sample(RunHistory, iter: Runs, threads: 2);

    // A short fixed sample, for the canaries and for a quick look.
    [Fact]
    public void A_fixed_history_agrees_with_the_naive_store()
    {
        Random random = new(20131008);
        for (int run = 0; run < 12; run++)
        {
            RunHistory(
            [
                .. Enumerable.Range(0, OperationsPerRun)
                    .Select(_ => (random.Next(100), random.Next(60), random.Next(1_000_000))),
            ]);
        }
    }

    [Fact]
    public void Any_history_goes_on_after_drains_as_if_there_had_been_none() =>
        Operation.Array[OperationsPerRun].Sample(
            operations => RunHistory(operations, restarts: true), iter: RunsWithRestarts, threads: 2);

    [Fact]
    public void A_fixed_history_goes_on_after_drains()
    {
        Random random = new(20_261_126);
        for (int run = 0; run < 12; run++)
        {
            RunHistory(
                [
                    .. Enumerable.Range(0, OperationsPerRun)
                        .Select(_ => (random.Next(100), random.Next(60), random.Next(1_000_000))),
                ],
                restarts: true);
        }
    }

    internal static void RunHistory((int Kind, int Key, int Argument)[] operations) =>
        RunHistory(operations, restarts: false);

    private static void RunHistory((int Kind, int Key, int Argument)[] operations, bool restarts)
    {
        using StoreRun run = new(restarts);
        for (int step = 0; step < operations.Length; step++)
        {
            run.Step(operations[step].Kind, operations[step].Key, operations[step].Argument);
            if (step % FullCheckEvery == 0)
            {
                run.CheckAll();
            }
        }

        run.CheckAll();
        run.Drain();
    }
}
