using Xunit;

namespace RemoteSwap.Store.Tests.Linearizability;

public sealed class HistoryCheckerTests
{
    [Fact]
    public void A_load_during_a_store_may_see_either() =>
        Assert.All([0, 1], seen => Assert.True(HistoryChecker.IsLinearizable(
            [new(OperationKind.Store, 1, 1, 4), new(OperationKind.Load, seen, 2, 3)])));

    [Fact]
    public void A_load_after_a_store_must_see_it() => Assert.False(HistoryChecker.IsLinearizable(
        [new(OperationKind.Store, 1, 1, 2), new(OperationKind.Load, 0, 3, 4)]));

    [Fact]
    public void What_was_seen_once_does_not_go_back() => Assert.False(HistoryChecker.IsLinearizable(
    [
        new(OperationKind.Store, 1, 1, 2),
        new(OperationKind.Store, 2, 3, 10),
        new(OperationKind.Load, 2, 4, 5),
        new(OperationKind.Load, 1, 6, 7),
    ]));

    [Fact]
    public void A_refused_store_empties_the_slot() => Assert.False(HistoryChecker.IsLinearizable(
    [
        new(OperationKind.Store, 1, 1, 2),
        new(OperationKind.Refused, 2, 3, 4),
        new(OperationKind.Load, 1, 5, 6),
    ]));
}
