using RemoteSwap.LoadGen.Verification;
using Xunit;

namespace RemoteSwap.LoadGen.Tests.Verification;

public sealed class SlotLedgerTests
{
    private readonly SlotLedger _ledger = new(4);

    [Fact]
    public void Slots_start_empty_and_hold_the_last_acknowledged_page()
    {
        Assert.Equal(SlotLedger.Empty, _ledger.PageOf(0));
        _ledger.Stored(0, 7);
        _ledger.Stored(0, 9);
        Assert.Equal(9, _ledger.PageOf(0));
        _ledger.Emptied(0);
        Assert.Equal(SlotLedger.Empty, _ledger.PageOf(0));
    }

    [Fact]
    public void A_store_without_an_answer_leaves_the_old_page_the_new_one_or_none()
    {
        _ledger.Stored(1, 7);
        _ledger.StoreInDoubt(1, 8);
        _ledger.StoreInDoubt(1, 9);

        Assert.Equal([7, SlotLedger.Empty, 8, 9], _ledger.Candidates(1)!);
        Assert.Equal(1, _ledger.DoubtfulSlots);
        Assert.Null(_ledger.Candidates(0));

        _ledger.Stored(1, 3);
        Assert.Null(_ledger.Candidates(1));
        Assert.Equal(3, _ledger.PageOf(1));
    }

    [Fact]
    public void Clearing_settles_everything()
    {
        _ledger.Stored(0, 1);
        _ledger.StoreInDoubt(2, 5);
        _ledger.Clear();

        Assert.Equal(SlotLedger.Empty, _ledger.PageOf(0));
        Assert.Equal(0, _ledger.DoubtfulSlots);
    }

    [Fact]
    public void Candidates_are_bounded()
    {
        for (int page = 0; page < 100; page++)
        {
            _ledger.StoreInDoubt(3, page);
        }

        Assert.Equal(SlotLedger.MaxCandidates, _ledger.Candidates(3)!.Count);
    }
}
