using CsCheck;

namespace RemoteSwap.Pool.Tests.Model;

/// <summary>
/// The random runs themselves, without a test framework, so that they also run inside a mutant's build.
/// </summary>
internal static class PoolModelProbe
{
    // A failure shrinks to a short run only if short runs are among those generated.
    private const int MaxSteps = 600;

    /// <summary>Runs random steps; on failure the exception's message has the seed (CsCheck_Seed repeats it).</summary>
    /// <param name="runs">How many runs of 1 to 600 steps.</param>
    /// <returns>Steps made.</returns>
    public static long Run(int runs)
    {
        long steps = 0;
        PoolOperation.Steps.Array[1, MaxSteps].Sample(
            operations =>
            {
                PoolModelRun.Run(operations);
                Interlocked.Add(ref steps, operations.Length);
            },
            iter: runs,
            print: operations => string.Join(Environment.NewLine, operations.Select(step => step.ToString())));
        return steps;
    }
}
