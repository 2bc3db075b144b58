using RemoteSwap.Server.Pressure;

namespace RemoteSwap.Server.Tests.Pressure;

/// <summary>Readings in, limits out.</summary>
public sealed class PressurePolicyTests
{
    private const long Configured = 3200;
    private const long Floor = 800;
    private const long Step = Configured / PressurePolicy.StepDivisor;
    private static readonly PressureReading s_calm = new(null, new MemoryStalls(0, 0));

    [Fact]
    public void WithoutPressureNothingChanges()
    {
        PressurePolicy policy = new(Configured, Floor);
        for (int second = 0; second < 200; second++)
        {
            PressureReading reading = second % 2 == 0 ? PressureReading.None : Group(10_000, 4000, some: 9.9);
            Assert.Equal(new PressureDecision(LimitChange.None, Configured, ""), policy.Decide(reading, 2000));
        }
    }

    [Fact]
    public void AGroupThatIsSmallerThanTheLimitIsMetBeforeAPageComes()
    {
        PressurePolicy policy = new(Configured, Floor);

        PressureDecision first = policy.Decide(Group(2000, 300), 0);

        Assert.Equal((LimitChange.Lowered, 1400), (first.Change, first.LimitBytes));
        Assert.Contains("/pages has a limit of 1.95 KiB", first.Reason);

        // Filled up to its limit the server is at 85 %: there it stays, for want of a reason to go either way.
        for (int second = 0; second < 100; second++)
        {
            Assert.Equal(LimitChange.None, policy.Decide(Group(2000, 1700), 1400).Change);
        }
    }

    [Fact]
    public void WhatOthersInTheGroupTakeIsTakenFromTheLimit()
    {
        PressurePolicy policy = new(Configured, Floor);
        Assert.Equal(LimitChange.None, policy.Decide(Group(4000, 2300), 2000).Change);

        PressureDecision lowered = policy.Decide(Group(4000, 3700), 2000);

        // The server may have what it has less what is beyond 85 %.
        Assert.Equal((LimitChange.Lowered, 1700), (lowered.Change, lowered.LimitBytes));
        Assert.Equal(LimitChange.None, policy.Decide(Group(4000, 3400), 1700).Change);
    }

    [Fact]
    public void StallsBringItDownStepByStepToTheFloorAndNoFurther()
    {
        PressurePolicy policy = new(Configured, Floor);
        List<long> limits = [];
        long used = 1300;
        for (int second = 0; second < 60; second++)
        {
            PressureDecision decision = policy.Decide(Stalls(35), used);
            if (decision.Change == LimitChange.Lowered)
            {
                Assert.Contains("35.0 % of the last 10 s", decision.Reason);
                limits.Add(decision.LimitBytes);
                used = decision.LimitBytes;
            }
        }

        Assert.Equal([1200, 1100, 1000, 900, 800], limits);
    }

    [Fact]
    public void AStepIsGivenTimeToShow()
    {
        PressurePolicy policy = new(Configured, Floor);
        int[] seconds =
        [
            .. Enumerable.Range(0, 12).Where(_ => policy.Decide(Stalls(20), 3000).Change == LimitChange.Lowered),
        ];
        Assert.Equal([0, 5, 10], seconds);
    }

    [Fact]
    public void ItRisesSlowlyAndOnlyWhenItHasBeenCalmForLong()
    {
        PressurePolicy policy = new(Configured, Floor);
        _ = policy.Decide(Stalls(20), 3000);
        List<(int Second, LimitChange Change, long Limit)> changes = [];
        for (int second = 1; second <= 80; second++)
        {
            // Neither pressure nor calm, once.
            PressureDecision decision = policy.Decide(second == 20 ? Stalls(5) : s_calm, 2900);
            if (decision.Change != LimitChange.None)
            {
                changes.Add((second, decision.Change, decision.LimitBytes));
            }
        }

        Assert.Equal(
            [
                (50, LimitChange.Raised, 2900 + Step),
                (55, LimitChange.Raised, 2900 + (2 * Step)),
                (60, LimitChange.Restored, Configured),
            ],
            changes);
    }

    [Fact]
    public void ItDoesNotRiseIntoThePressureThatItCameFrom()
    {
        PressurePolicy policy = new(Configured, Floor);
        _ = policy.Decide(Group(2000, 300), 0);
        long limit = 1400;
        for (int second = 0; second < 500; second++)
        {
            PressureDecision decision = policy.Decide(Group(2000, 200), 0);
            Assert.NotEqual(LimitChange.Lowered, decision.Change);
            limit = decision.LimitBytes;
        }

        // 80 % of the group at most: half a step is too little to bother.
        Assert.InRange(limit, 1400, 1400);
        for (int second = 0; second < 500; second++)
        {
            limit = policy.Decide(Group(2400, 200), 0).LimitBytes;
        }

        Assert.InRange(limit, 1720 - (Step / 2), 1720);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void WhateverComesItStaysBetweenFloorAndConfiguredAndSaysWhatItDoes(int seed)
    {
        Random random = new(seed);
        PressurePolicy policy = new(Configured, Floor);
        long before = Configured;
        for (int second = 0; second < 5000; second++)
        {
            MemoryLevel? level = random.Next(3) == 0
                ? new MemoryLevel("/pages", random.Next(0, 8000), random.Next(0, 8000))
                : null;
            MemoryStalls? stalls = random.Next(3) == 0 ? new MemoryStalls(random.Next(0, 100), 0) : null;
            PressureDecision decision = policy.Decide(new PressureReading(level, stalls), random.Next(0, 4000));

            Assert.InRange(decision.LimitBytes, Floor, Configured);
            Assert.Equal(
                decision.LimitBytes.CompareTo(before),
                decision.Change switch { LimitChange.None => 0, LimitChange.Lowered => -1, _ => 1 });
            Assert.Equal(
                decision.LimitBytes == Configured && before < Configured, decision.Change == LimitChange.Restored);
            Assert.Equal(decision.Change is LimitChange.Lowered or LimitChange.Raised, decision.Reason.Length > 0);
            before = decision.LimitBytes;
        }
    }

    private static PressureReading Group(long limit, long used, double some = 0) =>
        new(new MemoryLevel("/pages", limit, used), new MemoryStalls(some, 0));

    private static PressureReading Stalls(double some) => new(null, new MemoryStalls(some, some / 2));
}
