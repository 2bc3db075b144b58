using System.Runtime.CompilerServices;
using Xunit;

namespace RemoteSwap.Store.Tests.Fairness;

/// <summary>A guarantee is memory that is there whenever it is asked for, whatever others do meanwhile.</summary>
public sealed class FrameBudgetTests
{
    private const int Limit = 400;
    private const int Rounds = 60_000;

    [Fact]
    public void Frames_within_a_guarantee_are_there_in_any_flood()
    {
        CountingFrames source = new(Limit);
        ServerBudget server = new(new LimitGate(Limit, 90));
        FrameBudget quiet = new(source, new LimitGate(Limit, 90), server, guaranteeFrames: 120);
        FrameBudget moving = new(source, new LimitGate(Limit, 90), server, guaranteeFrames: 40);
        FrameBudget flooding = new(source, new LimitGate(Limit, 90), server);
        long refused = 0;

        Parallel.Invoke(
            () => TakeAndReturn(quiet, most: 120, seed: 1, ref refused),
            () => TakeAndReturn(moving, most: Limit, seed: 2, ref Unsafe.NullRef<long>()),
            () => TakeAndReturn(flooding, most: Limit, seed: 3, ref Unsafe.NullRef<long>()),
            () => ChangeGuarantee(moving));

        Assert.Equal(0, source.TooMany);
        Assert.Equal(0, refused);
        Assert.Equal(
            new[] { quiet, moving, flooding }.Sum(budget => Math.Max(budget.UsedFrames, budget.GuaranteedFrames)),
            server.ChargedFrames);
        Assert.Equal(quiet.GuaranteedFrames + moving.GuaranteedFrames, server.Gate.ReservedFrames);
    }

    [Fact]
    public void A_guarantee_is_given_only_if_it_is_free()
    {
        CountingFrames source = new(Limit);
        ServerBudget server = new(new LimitGate(Limit, 90));
        FrameBudget one = new(source, new LimitGate(Limit, 90), server, guaranteeFrames: 100);
        FrameBudget other = new(source, new LimitGate(Limit, 90), server);
        Take(other, 250);

        Assert.False(one.TrySetGuarantee(151));
        Assert.True(one.TrySetGuarantee(150));
        Assert.True(other.TrySetGuarantee(250));
        Assert.Equal(Limit, server.ChargedFrames);
        Assert.False(other.TryTake(out _));
        Take(one, 150);
        Assert.False(one.TryTake(out _));
        Assert.True(one.TrySetGuarantee(0));
        Assert.Equal(Limit, server.ChargedFrames);
        Assert.Equal(BudgetRefusal.ServerLimit, one.WhyRefused());
    }

    [Fact]
    public void A_guarantee_beyond_the_servers_limit_is_a_mistake()
    {
        ServerBudget server = new(new LimitGate(Limit, 90));

        Assert.Throws<ArgumentOutOfRangeException>(
            () => new FrameBudget(new CountingFrames(Limit), new LimitGate(Limit, 90), server, Limit + 1));
    }

    [Fact]
    public void No_two_reclaims_condemn_the_same_frame()
    {
        ServerBudget server = new(new LimitGate(Limit, 90));
        FrameBudget budget = new(new CountingFrames(Limit), new LimitGate(Limit, 90), server, guaranteeFrames: 100);
        Take(budget, 140 + FrameBudget.MaxSideFrames);

        Assert.Equal(32, budget.Condemn(32));
        Assert.Equal(8, budget.Condemn(32));
        Assert.Equal(0, budget.Condemn(32));
        Assert.True(budget.TryClaim());
        Assert.False(budget.TryClaim());
        budget.EndClaim();
        Assert.True(budget.TryClaim());
        budget.EndClaim();

        // The tenant empties slots by itself: what is condemned is the guarantee's now.
        budget.Return(default);
        Assert.False(budget.TryClaim());
        budget.EndCondemned(40);
        Assert.True(budget.TryClaim());
        Assert.Equal(33, budget.Condemn(64));
    }

    // The threshold is a share of what is not guaranteed, so a guarantee is never in its way.
    [Theory]
    [InlineData(0, 90, 360, 360)]
    [InlineData(200, 90, 380, 380)]
    [InlineData(400, 90, 400, 394)]
    [InlineData(0, 100, 400, 394)]
    public void Marks_stand_above_what_is_reserved(int reserved, int percent, int accept, int stop)
    {
        LimitGate gate = new(Limit, percent);
        gate.Reserve(reserved);

        Assert.Equal((accept, stop), (gate.AcceptFrames, gate.StopFrames));
        Assert.False(gate.IsNear(stop));
        Assert.True(gate.IsNear(Limit - ((Limit - stop) / 2)));
        Assert.False(gate.IsNear(Limit - ((Limit - stop) / 2) - 1));
    }

    private static void Take(FrameBudget budget, int frames)
    {
        for (int frame = 0; frame < frames; frame++)
        {
            Assert.True(budget.TryTake(out _));
        }
    }

    private static void TakeAndReturn(FrameBudget budget, int most, int seed, ref long refused)
    {
        Random random = new(seed);
        int held = 0;
        for (int round = 0; round < Rounds; round++)
        {
            // Long runs in one direction, so that both borders are met.
            if (held < most && (round / 512 % 2 == 0 || random.Next(4) == 0))
            {
                bool taken = budget.TryTake(out _);
                held += taken ? 1 : 0;
                if (!Unsafe.IsNullRef(ref refused))
                {
                    refused += taken ? 0 : 1;
                }
            }
            else if (held > 0)
            {
                budget.Return(default);
                held--;
            }
        }
    }

    private static void ChangeGuarantee(FrameBudget budget)
    {
        Random random = new(4);
        for (int round = 0; round < Rounds; round++)
        {
            budget.TrySetGuarantee(random.Next(0, 200));
        }
    }
}
