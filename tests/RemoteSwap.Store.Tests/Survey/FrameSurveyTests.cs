using RemoteSwap.Pool;
using RemoteSwap.Store.Tests.Rig;
using Xunit;

namespace RemoteSwap.Store.Tests.Survey;

public sealed class FrameSurveyTests
{
    private const int Slots = 400;

    [Fact]
    public async Task A_look_beside_stores_and_invalidations_counts_each_frame_once()
    {
        using StoreRig rig = new();
        FrameSurvey survey = new(rig.Store);
        using CancellationTokenSource enough = new();
        Task writer = Task.Run(() => Churn(rig, enough.Token));
        for (int look = 0; look < 200; look++)
        {
            FrameView view = survey.Look(null, 0, long.MaxValue, FrameSurvey.MaxBlocks);
            Assert.Equal(view.Count, view.Looked);
            Assert.Equal(view.Count, view.Blocks.Sum(Total));
        }

        await enough.CancelAsync();
        await writer;
        AssertAgrees(rig, survey);
        rig.AssertClean(deep: true);
    }

    [Fact]
    public void Places_of_the_target_are_counted_by_their_users()
    {
        string folder = Directory.CreateTempSubdirectory("remoteswap-survey-").FullName;
        using (SpillFile file = new(Path.Combine(folder, "spill"), 1 << 20))
        {
            Assert.True(file.TryReserve(out SpillPlace one));
            Assert.True(file.TryReserve(out SpillPlace two));
            file.AddUser(two);
            byte[] users = new byte[4];
            file.ReadUsers(new SpillPlace(0), users);
            Assert.Equal<byte>([1, 2, 0, 0], users);
            file.DropUser(one);
            file.ReadUsers(new SpillPlace(0), users);
            Assert.Equal<byte>([0, 2, 0, 0], users);
            file.DropUser(two);
            file.DropUser(two);
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_server_without_a_target_has_no_places()
    {
        using StoreRig rig = new();
        FrameView view = new FrameSurvey(rig.Store).LookSpilled(0, 100, 10);
        Assert.Equal(0, view.Total);
        Assert.Empty(view.Blocks);
    }

    private static void AssertAgrees(StoreRig rig, FrameSurvey survey)
    {
        foreach (Tenant tenant in rig.Store.Tenants)
        {
            FrameView view = survey.Look(tenant, 0, long.MaxValue, 100);
            TenantStatistics figures = rig.Figures(tenant);
            Assert.Equal(figures.BuddiedFrames, view.Blocks.Sum(block => block[FrameState.Both]));
            Assert.Equal(figures.HeadlessFrames, view.Blocks.Sum(block => block[FrameState.Headless]));
            Assert.Equal(
                figures.UnbuddiedFrames,
                view.Blocks.Sum(block => block[FrameState.First] + block[FrameState.Last]));
        }
    }

    private static void Churn(StoreRig rig, CancellationToken enough)
    {
        Random random = new(3);
        for (ulong generation = 1; !enough.IsCancellationRequested; generation++)
        {
            ulong slot = (ulong)random.Next(Slots);
            Tenant tenant = generation % 2 == 0 ? rig.TenantA : rig.TenantB;
            if (random.Next(3) == 0)
            {
                rig.Forget(slot, tenant: tenant);
            }
            else
            {
                rig.Put(slot, Zpages.Make((int)generation, random.Next(100, 3900)), generation, tenant: tenant);
            }
        }
    }

    private static long Total(BlockCounts block) => Enum.GetValues<FrameState>().Sum(state => (long)block[state]);
}
