using RemoteSwap.Server.Grpc;

namespace RemoteSwap.Server.Tests.Operations;

/// <summary>
/// Each outcome of the store has a value of its own on the wire, of the same name, and the other way round.
/// </summary>
public sealed class OutcomeTableTests
{
    [Fact]
    public void StoreOutcomesMatch() => AssertMatch<Store.StoreOutcome, V1.StoreOutcome>(OutcomeTable.ToWire);

    [Fact]
    public void LoadOutcomesMatch() => AssertMatch<Store.LoadOutcome, V1.LoadOutcome>(OutcomeTable.ToWire);

    [Fact]
    public void InvalidateOutcomesMatch() =>
        AssertMatch<Store.InvalidateOutcome, V1.InvalidateOutcome>(OutcomeTable.ToWire);

    [Fact]
    public void ReclaimOutcomesMatch() => AssertMatch<Store.ReclaimOutcome, V1.ReclaimOutcome>(OutcomeTable.ToWire);

    // The zero values mean "not decided yet" and "not set": neither may become the other silently.
    private static void AssertMatch<TStore, TWire>(Func<TStore, TWire> toWire)
        where TStore : struct, Enum
        where TWire : struct, Enum
    {
        TStore[] decided = [.. Enum.GetValues<TStore>().Where(value => !value.Equals(default(TStore)))];
        Assert.All(decided, value => Assert.Equal(value.ToString(), toWire(value).ToString()));
        Assert.Equal(
            Enum.GetValues<TWire>().Where(value => !value.Equals(default(TWire))).Order(),
            decided.Select(toWire).Order());
        Assert.Throws<ArgumentOutOfRangeException>(() => toWire(default));
    }
}
