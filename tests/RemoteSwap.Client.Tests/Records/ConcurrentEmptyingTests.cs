using RemoteSwap.Client.Records;
using Xunit;

namespace RemoteSwap.Client.Tests.Records;

/// <summary>
/// A load that finds no page while its slot is emptied and stored again: it came between both, and nothing was lost.
/// Where nothing emptied the slot, it was.
/// </summary>
public sealed class ConcurrentEmptyingTests
{
    private const ulong Slot = 24;
    private const uint Checksum = 7;

    private readonly PageRecord _record = new();
    private readonly RecordMark _begun;

    public ConcurrentEmptyingTests()
    {
        Store(generation: 1);
        _begun = _record.MarkOf(Slot);
    }

    [Fact]
    public void A_slot_that_was_invalidated_and_stored_again_was_empty_between()
    {
        _record.IssueInvalidation(Slot, 2);
        _record.Issue(Slot, 3);
        _record.Settle(Slot, 3, Checksum, StoreOutcome.Stored);
        _record.Settle(Slot, 2, InvalidateOutcome.Invalidated);

        Assert.Equal(LoadOutcome.NotFound, Judge(LoadOutcome.NotFound));
        Assert.Equal(LoadOutcome.NotFound, Judge(LoadOutcome.Lost));
    }

    [Fact]
    public void So_was_one_of_a_run_that_was_invalidated()
    {
        _record.IssueRange(0, 1024, 2);
        _record.Settle(0, 1024, 2);
        Store(generation: 3);

        Assert.Equal(LoadOutcome.NotFound, Judge(LoadOutcome.NotFound));
    }

    [Fact]
    public void So_was_one_whose_store_was_refused()
    {
        _record.Issue(Slot, 2);
        _record.Settle(Slot, 2, Checksum, StoreOutcome.TenantLimit);
        Store(generation: 3);

        Assert.Equal(LoadOutcome.NotFound, Judge(LoadOutcome.NotFound));
    }

    [Fact]
    public void So_was_one_that_was_taken_over()
    {
        _record.TakeOver(Slot, 1);
        Store(generation: 2);

        Assert.Equal(LoadOutcome.NotFound, Judge(LoadOutcome.NotFound));
    }

    [Fact]
    public void So_may_be_one_whose_store_is_answered_after_its_invalidation_was_sent()
    {
        PageRecord record = new();
        record.Issue(Slot, 1);
        record.IssueInvalidation(Slot, 2);
        record.Settle(Slot, 1, Checksum, StoreOutcome.Stored);

        RecordMark begun = record.MarkOf(Slot);

        Assert.Equal(LoadOutcome.NotFound, record.Judge(Slot, begun, LoadOutcome.NotFound, generation: 0, checksum: 0));
    }

    [Fact]
    public void One_that_was_only_stored_again_is_lost()
    {
        Store(generation: 2);

        Assert.Equal(LoadOutcome.Lost, Judge(LoadOutcome.NotFound));
    }

    [Fact]
    public void One_that_was_emptied_before_the_load_began_is_lost()
    {
        PageRecord record = new();
        record.Issue(Slot, 1);
        record.Settle(Slot, 1, Checksum, StoreOutcome.Stored);
        record.IssueInvalidation(Slot, 2);
        record.Settle(Slot, 2, InvalidateOutcome.Invalidated);
        record.Issue(Slot, 3);
        record.Settle(Slot, 3, Checksum, StoreOutcome.Stored);
        RecordMark begun = record.MarkOf(Slot);
        record.Issue(Slot, 4);
        record.Settle(Slot, 4, Checksum, StoreOutcome.Stored);

        Assert.Equal(LoadOutcome.Lost, record.Judge(Slot, begun, LoadOutcome.NotFound, generation: 0, checksum: 0));
    }

    [Fact]
    public void The_neighbours_of_one_that_was_emptied_are_lost()
    {
        _record.IssueInvalidation(Slot + 1, 2);
        _record.IssueRange(0, Slot, 3);
        Store(generation: 4);

        Assert.Equal(LoadOutcome.Lost, Judge(LoadOutcome.NotFound));
    }

    private void Store(ulong generation)
    {
        _record.Issue(Slot, generation);
        _record.Settle(Slot, generation, Checksum, StoreOutcome.Stored);
    }

    private LoadOutcome Judge(LoadOutcome answer) =>
        _record.Judge(Slot, _begun, answer, generation: 0, checksum: 0);
}
