using CsCheck;
using Xunit;

namespace RemoteSwap.Store.Tests.Fairness;

/// <summary>Who gives, and how much: in proportion, in turns, and nobody out of its guarantee.</summary>
public sealed class VictimChoiceTests
{
    private static readonly Gen<(int Guarantee, int Excess, int Weight)[]> Tenants = Gen.Select(
        Gen.Int[0, 50], Gen.OneOf(Gen.Const(0), Gen.Int[1, 4000]), Gen.Int[1, 500]).Array[1, 8];

    // Each gives its share of what is taken, excess / weight, to within two steps, in whatever portions it is asked
    // for.
    [Fact]
    public void Tenants_give_in_proportion_to_excess_by_weight() =>
        Gen.Select(Tenants, Gen.Int[1, 3 * VictimChoice.StepFrames]).Sample(AssertProportional, iter: 200, threads: 1);

    internal static void AssertProportional(
        ((int Guarantee, int Excess, int Weight)[] Tenants, int Portion) drawn)
    {
        using FairStore rig = new(
            1 << 16,
            [
                .. drawn.Tenants.Select(
                    row => new TenantOptions
                    {
                        Shards = 1,
                        GuaranteeBytes = FairStore.Bytes(row.Guarantee),
                        Weight = row.Weight,
                    }),
            ]);
        Victim[] victims = [.. rig.Store.Tenants.Select(tenant => new Victim(tenant))];
        for (int tenant = 0; tenant < victims.Length; tenant++)
        {
            Take(victims[tenant].Tenant, drawn.Tenants[tenant].Guarantee + drawn.Tenants[tenant].Excess);
        }

        // Nothing is taken in truth, so the shares stay what they are.
        VictimChoice choice = new(victims);
        double[] pressures = [.. drawn.Tenants.Select(PressureOf)];
        double pressure = pressures.Sum();
        long[] taken = new long[victims.Length];
        for (int asked = 0; asked < 300; asked++)
        {
            int needed = drawn.Portion;
            while (needed > 0 && choice.TryChooseForServer(needed, out Victim victim, out int frames))
            {
                Assert.InRange(frames, 1, Math.Min(needed, VictimChoice.StepFrames));
                Assert.True(victim.Excess >= frames);
                taken[Array.IndexOf(victims, victim)] += frames;
                needed -= frames;
            }

            Assert.True(needed == 0 || pressure == 0);
        }

        for (int tenant = 0; tenant < victims.Length && pressure > 0; tenant++)
        {
            // The last turn may be in the middle: everybody may be a step ahead of others, or behind.
            double share = taken.Sum() * pressures[tenant] / pressure;
            double off = 2 * VictimChoice.StepFrames;
            Assert.InRange(taken[tenant], share - off, share + off);
        }
    }

    // What goes with a frame may be the guarantee's, so that much of the excess stays.
    private static double PressureOf((int Guarantee, int Excess, int Weight) tenant) =>
        (double)Math.Max(0, tenant.Excess - FrameBudget.MaxSideFrames) / tenant.Weight;

    [Fact]
    public void Whoever_has_nothing_beyond_its_guarantee_is_never_chosen()
    {
        using FairStore rig = new(
            1000,
            new TenantOptions { GuaranteeBytes = FairStore.Bytes(100) },
            new TenantOptions { GuaranteeBytes = FairStore.Bytes(100) });
        Victim[] victims = [.. rig.Store.Tenants.Select(tenant => new Victim(tenant))];
        VictimChoice choice = new(victims);
        Take(victims[0].Tenant, 100);
        Take(victims[1].Tenant, 103 + FrameBudget.MaxSideFrames);

        Assert.True(choice.TryChooseForServer(32, out Victim victim, out int frames));
        Assert.Equal((victims[1], 3), (victim, frames));
        victims[1].InFlight += 3;
        Assert.False(choice.TryChooseForServer(32, out _, out _));
    }

    // B15, at the place where it is decided.
    [Fact]
    public void A_tenant_near_its_own_limit_is_the_only_one_that_its_limit_takes_from()
    {
        TenantOptions limited = new() { LimitBytes = FairStore.Bytes(256) };
        using FairStore rig = new(10_000, limited, new TenantOptions(), limited);
        Victim[] victims = [.. rig.Store.Tenants.Select(tenant => new Victim(tenant))];
        VictimChoice choice = new(victims);
        Take(victims[0].Tenant, 256);
        Take(victims[1].Tenant, 5000);
        Take(victims[2].Tenant, 250);

        Victim[] chosen = [.. Enumerable.Range(0, 6).Select(_ => ChooseOwn(choice))];

        Assert.Equal([victims[2], victims[0], victims[2], victims[0], victims[2], victims[0]], chosen);
    }

    private static Victim ChooseOwn(VictimChoice choice) =>
        choice.TryChooseForOwnLimit(out Victim victim, out _) ? victim : throw new InvalidOperationException();

    private static void Take(Tenant tenant, int frames)
    {
        for (int frame = 0; frame < frames; frame++)
        {
            Assert.True(tenant.Budget.TryTake(out _));
        }
    }
}
