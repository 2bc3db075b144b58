using RemoteSwap.Store.Tests.Rig;
using Xunit;

namespace RemoteSwap.Store.Tests.State;

/// <summary>What outlives a server that was not drained: who owns which area, and nothing of what was in
/// memory.</summary>
public sealed class AreaBookTests : IDisposable
{
    private const int SlotNumber = 7;
    private static readonly AreaId s_area = new(1);
    private readonly StateRig _state = new();

    [Fact]
    public void After_a_crash_the_owner_resumes_and_learns_that_pages_were_lost()
    {
        SessionToken token = SessionToken.Create();
        AttachResult first = Life(rig => Attach(rig, AttachMode.Exclusive, token));

        (AttachResult resumed, LoadOutcome load) = Life(rig =>
        {
            Assert.NotEqual(AttachEpoch.None, State(rig).Owner);
            AttachResult result = Resume(rig, token, first.Epoch);
            return (result, Load(rig, result.Epoch));
        });

        Assert.Equal((AttachOutcome.Resumed, true), (resumed.Outcome, resumed.HasLostPages));
        Assert.True(resumed.Epoch.IsNewerThan(first.Epoch));
        Assert.Equal(LoadOutcome.Lost, load);
    }

    [Fact]
    public void Between_a_crash_and_the_owner_s_return_its_old_epoch_is_nobody_s()
    {
        SessionToken token = SessionToken.Create();
        AttachResult first = Life(rig => Attach(rig, AttachMode.Exclusive, token));

        Life(rig =>
        {
            Assert.Equal(LoadOutcome.Fenced, Load(rig, first.Epoch));
            Assert.Equal(LoadOutcome.Fenced, Load(rig, AttachEpoch.None));
            Assert.Equal(AttachOutcome.Held, Attach(rig, AttachMode.Exclusive).Outcome);
            return 0;
        });
    }

    [Fact]
    public void Who_was_fenced_before_a_crash_stays_fenced()
    {
        SessionToken token = SessionToken.Create();
        SessionToken newer = SessionToken.Create();
        AttachResult fenced = Life(rig => Attach(rig, AttachMode.Exclusive, token));
        AttachResult owner = Life(rig => Attach(rig, AttachMode.TakeOver, newer));
        Life(_ => 0);

        Life(rig =>
        {
            Assert.Equal(AttachOutcome.Fenced, Resume(rig, token, fenced.Epoch).Outcome);
            Assert.Equal(AttachOutcome.WrongToken, Resume(rig, token, State(rig).Owner).Outcome);
            Assert.Equal(AttachOutcome.Resumed, Resume(rig, newer, owner.Epoch).Outcome);
            Assert.Equal(AttachOutcome.Fenced, Resume(rig, token, fenced.Epoch).Outcome);
            return 0;
        });
    }

    [Fact]
    public void A_life_that_never_learned_its_last_epoch_resumes_with_the_one_before()
    {
        SessionToken token = SessionToken.Create();
        AttachResult first = Life(rig => Attach(rig, AttachMode.Exclusive, token));
        Life(rig => Resume(rig, token, first.Epoch));

        AttachResult resumed = Life(rig => Resume(rig, token, first.Epoch));

        Assert.Equal(AttachOutcome.Resumed, resumed.Outcome);
    }

    [Fact]
    public void An_area_that_was_emptied_when_its_owner_left_has_lost_nothing()
    {
        Life(rig => AreaOwners.Detach(
            rig.TenantA, s_area, Attach(rig, AttachMode.Exclusive).Epoch, keepPages: false));
        Assert.False(Life(rig => Attach(rig, AttachMode.Exclusive)).HasLostPages);

        Life(rig => AreaOwners.Detach(rig.TenantA, s_area, Attach(rig, AttachMode.TakeOver).Epoch, keepPages: true));
        Assert.True(Life(rig => Attach(rig, AttachMode.Exclusive)).HasLostPages);
    }

    [Fact]
    public void An_append_that_was_cut_off_is_passed_over_and_damage_is_not()
    {
        SessionToken token = SessionToken.Create();
        AttachResult first = Life(rig => Attach(rig, AttachMode.Exclusive, token));
        Life(rig => Attach(rig, AttachMode.TakeOver));
        byte[] longer = File.ReadAllBytes(Book);

        // The take-over was cut off, so it was never answered, and the first owner is the owner.
        File.WriteAllBytes(Book, longer[..^3]);
        Assert.Equal(AttachOutcome.Resumed, Life(rig => Resume(rig, token, first.Epoch)).Outcome);
        File.WriteAllBytes(Book, [.. longer, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        Assert.Equal(AttachOutcome.Fenced, Life(rig => Resume(rig, token, first.Epoch)).Outcome);

        longer[^60] ^= 1;
        File.WriteAllBytes(Book, [.. longer, .. longer.AsSpan(longer.Length - 60)]);
        StateException damage = Assert.Throws<StateException>(() => Life(_ => 0));
        Assert.Contains("damaged", damage.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_servers_do_not_share_a_folder_and_others_may_not_read_it()
    {
        using StateFolder held = _state.Open();
        StateException refused = Assert.Throws<StateException>(
            () => _state.Open());
        Assert.Contains("in use", refused.Message, StringComparison.Ordinal);
        held.Areas.Begin(held.Incarnation, []);
        Assert.All(
            new DirectoryInfo(_state.Path).GetFiles(),
            file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, file.UnixFileMode));
    }

    [Fact]
    public void The_book_stays_small_however_often_owners_change()
    {
        Life(rig =>
        {
            for (int change = 0; change < 2_000; change++)
            {
                Attach(rig, AttachMode.TakeOver);
            }

            return 0;
        });
        Assert.InRange(new FileInfo(Book).Length, 1, 128 << 10);
    }

    [Fact]
    public void A_later_life_has_newer_epochs_even_when_the_clock_went_back()
    {
        AttachResult first = Life(rig => Attach(rig, AttachMode.Exclusive));
        using StateFolder folder = StateFolder.Open(_state.Path, new EarlyClock());
        Assert.True(folder.Incarnation.Value > first.Epoch.Value);
    }

    [Fact]
    public void A_change_that_is_in_the_book_is_true_though_the_book_can_not_be_made_smaller()
    {
        SessionToken token = SessionToken.Create();
        AttachResult last = Life(rig =>
        {
            // In the way of the new book.
            Directory.CreateDirectory(Book + ".new");
            for (int change = 0; change < 1_000; change++)
            {
                Attach(rig, AttachMode.TakeOver);
            }

            return Attach(rig, AttachMode.TakeOver, token);
        });
        Directory.Delete(Book + ".new");

        Assert.Equal(AttachOutcome.Resumed, Life(rig => Resume(rig, token, last.Epoch)).Outcome);
    }

    public void Dispose() => _state.Dispose();

    private string Book => Path.Combine(_state.Path, "areas");

    private T Life<T>(Func<StoreRig, T> live)
    {
        using StoreRig rig = new(state: _state.Open());
        rig.Store.Begin();
        return live(rig);
    }

    private static AreaState State(StoreRig rig) => rig.TenantA.Areas[s_area];

    private static AttachResult Attach(StoreRig rig, AttachMode mode, SessionToken? token = null) => AreaOwners.Attach(
        rig.TenantA, s_area, new AttachTerms { Mode = mode, Token = token ?? SessionToken.Create() });

    private static AttachResult Resume(StoreRig rig, SessionToken token, AttachEpoch epoch) => AreaOwners.Attach(
        rig.TenantA,
        s_area,
        new AttachTerms
        {
            Mode = AttachMode.Resume,
            Token = token,
            Epoch = epoch,
            Attempt = SessionToken.Create(),
            Incarnation = new Incarnation(epoch.Value - 1),
        });

    private static LoadOutcome Load(StoreRig rig, AttachEpoch epoch)
    {
        LoadBatch batch = new() { Area = s_area, Epoch = epoch, Count = 1 };
        batch.Slots[0] = SlotNumber;
        rig.Store.Load(rig.TenantA, batch);
        return batch.Outcomes[0];
    }

    private sealed class EarlyClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;
    }
}
