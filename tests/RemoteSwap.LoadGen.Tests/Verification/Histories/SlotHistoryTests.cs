using RemoteSwap.LoadGen.Verification.Histories;
using Xunit;

namespace RemoteSwap.LoadGen.Tests.Verification.Histories;

/// <summary>Histories made by hand: each illegal one is caught, and legal ones that look odd are not.</summary>
public sealed class SlotHistoryTests
{
    private readonly HistoryScript _slot = new();

    [Fact]
    public void A_stale_read_after_an_overwrite_is_caught_and_described()
    {
        _slot.Stored(1);
        _slot.Stored(2);

        Violation? wrong = _slot.Page(1);

        Assert.NotNull(wrong);
        Assert.Equal(7ul, wrong.Slot);
        Assert.Contains("store 2", wrong.Legal, StringComparison.Ordinal);
        Assert.DoesNotContain("store 1", wrong.Legal, StringComparison.Ordinal);
        Assert.Contains(wrong.Operations, line => line.StartsWith("store 1", StringComparison.Ordinal));
        Assert.Contains(" ms", wrong.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Zeroes_or_no_page_for_a_lost_one_are_caught()
    {
        _slot.Stored(1);
        _slot.LoseMemory();

        Assert.Null(_slot.Answer(SlotAnswer.Lost));
        Assert.NotNull(_slot.Page(0));
        Assert.NotNull(_slot.Answer(SlotAnswer.Empty));
    }

    [Fact]
    public void A_page_that_comes_back_after_an_invalidation_is_caught()
    {
        _slot.Stored(1);
        _slot.End(_slot.Invalidate());

        Assert.NotNull(_slot.Page(1));
        Assert.Null(_slot.Answer(SlotAnswer.Empty));
    }

    [Fact]
    public void A_foreign_page_and_a_corrupt_one_are_caught()
    {
        _slot.Stored(1);

        Assert.NotNull(_slot.Page(99));
        Assert.NotNull(_slot.Answer(SlotAnswer.Corrupt));
    }

    [Fact]
    public void A_refused_store_leaves_neither_the_new_nor_the_old_page()
    {
        _slot.Stored(1);
        _slot.Stored(2, WriteEffect.Refused);

        Assert.NotNull(_slot.Page(2));
        Assert.NotNull(_slot.Page(1));
        Assert.Null(_slot.Answer(SlotAnswer.Empty));
    }

    [Fact]
    public void Reads_that_go_backwards_are_caught_where_the_writes_overlapped()
    {
        SlotOperation first = _slot.Store(1);
        SlotOperation second = _slot.Store(2);
        Assert.Null(_slot.Page(1));
        Assert.Null(_slot.Page(2));
        Assert.NotNull(_slot.Page(1));
        _slot.End(first);
        _slot.End(second);
        Assert.NotNull(_slot.Page(1));
    }

    [Fact]
    public void An_older_page_after_one_that_was_read_while_its_store_was_under_way_is_caught()
    {
        _slot.Stored(1);
        _slot.Store(2);

        Assert.Null(_slot.Page(1));
        Assert.Null(_slot.Page(2));
        Assert.NotNull(_slot.Page(1));
    }

    [Fact]
    public void A_store_without_an_answer_may_arrive_late_until_it_is_superseded()
    {
        _slot.Stored(1);
        _slot.Stored(2, WriteEffect.Unknown);
        Assert.Null(_slot.Page(1));
        Assert.Null(_slot.Page(2));
        Assert.NotNull(_slot.Page(1));

        _slot.Stored(3, WriteEffect.Unknown);
        _slot.End(_slot.Invalidate());
        Assert.NotNull(_slot.Page(2));
        Assert.NotNull(_slot.Page(3));
    }

    [Fact]
    public void A_load_that_overlaps_writes_may_answer_with_any_of_them()
    {
        _slot.Stored(1);
        SlotRead early = _slot.Read();
        _slot.Stored(2);
        SlotRead late = _slot.Read();
        SlotOperation third = _slot.Invalidate();

        Assert.Null(_slot.End(late, SlotAnswer.Empty));
        Assert.Null(_slot.End(early, SlotAnswer.Page, 1));
        _slot.End(third);
        Assert.Null(_slot.Answer(SlotAnswer.Empty));
    }

    [Fact]
    public void Lost_is_legal_only_after_a_loss_and_until_the_slot_is_stored_again()
    {
        _slot.Stored(1);
        Assert.NotNull(_slot.Answer(SlotAnswer.Lost));
        _slot.LoseMemory();
        Assert.Null(_slot.Answer(SlotAnswer.Lost));
        _slot.Stored(2);
        Assert.NotNull(_slot.Answer(SlotAnswer.Lost));
        Assert.NotNull(_slot.Page(1));
        Assert.Null(_slot.Page(2));
    }

    [Fact]
    public void A_slot_that_is_being_emptied_does_not_look_lost()
    {
        _slot.Stored(1);
        SlotOperation invalidation = _slot.Invalidate();
        Assert.NotNull(_slot.Answer(SlotAnswer.Lost));
        _slot.End(invalidation);
        Assert.NotNull(_slot.Answer(SlotAnswer.Lost));
    }

    [Fact]
    public void What_a_former_owner_began_is_over_when_the_attach_has_answered()
    {
        _slot.Stored(1);
        SlotOperation underWay = _slot.Store(2);
        SlotRead read = _slot.Read();
        Assert.NotNull(_slot.Answer(SlotAnswer.Fenced));
        _slot.TakeOver(from: 1);

        Assert.Null(_slot.End(read, SlotAnswer.Fenced));
        Assert.Null(_slot.End(_slot.Read(session: 2), SlotAnswer.Page, 1));
        Assert.NotNull(_slot.End(_slot.Read(session: 2), SlotAnswer.Page, 2));
        Assert.Null(_slot.End(underWay, WriteEffect.Fenced));
    }

    [Fact]
    public void Nothing_that_a_former_owner_begins_later_has_an_effect()
    {
        _slot.Stored(1);
        _slot.TakeOver(from: 1);

        Assert.Null(_slot.End(_slot.Store(2), WriteEffect.Fenced));
        Assert.NotNull(_slot.End(_slot.Read(session: 2), SlotAnswer.Page, 2));
        Assert.NotNull(_slot.End(_slot.Store(3)));
        Assert.NotNull(_slot.Page(1));
        Assert.Null(_slot.End(_slot.Read(session: 2), SlotAnswer.Page, 1));
    }

    [Fact]
    public void A_refusal_as_fenced_while_nobody_else_attaches_is_caught() =>
        Assert.NotNull(_slot.End(_slot.Store(1), WriteEffect.Fenced));

    [Fact]
    public void A_settled_history_stays_small_and_one_that_never_settles_is_not_judged_any_more()
    {
        for (ulong i = 1; i <= 1_000; i++)
        {
            _slot.Stored(i);
            Assert.Null(_slot.Page(i));
            Assert.InRange(_slot.Slot.Operations, 1, 3);
        }

        for (ulong i = 2_000; i < 2_000 + SlotHistory.MaxOperations + 10; i++)
        {
            _slot.Stored(i, WriteEffect.Unknown);
        }

        Assert.Equal(SlotHistory.MaxOperations, _slot.Slot.Operations);
        _slot.Slot.EndRead(_slot.Read(), SlotAnswer.Page, 5, "page", out bool isJudged);
        Assert.False(isJudged);
    }
}
