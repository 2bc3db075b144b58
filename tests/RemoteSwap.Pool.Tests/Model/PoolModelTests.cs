using Xunit;

namespace RemoteSwap.Pool.Tests.Model;

/// <summary>The pool does what the naive model says, whatever the order of operations.</summary>
public sealed class PoolModelTests
{
    private const int Runs = 400;
    private const int MinSteps = 100_000;

    [Fact]
    public void The_pool_agrees_with_the_naive_model_after_every_operation()
    {
        long steps = PoolModelProbe.Run(Runs);

        TestContext.Current.TestOutputHelper?.WriteLine($"{steps} operations");
        Assert.True(steps >= MinSteps, $"only {steps} operations");
    }
}
