using RemoteSwap.Client.Tests.Fakes;
using RemoteSwap.V1;
using Xunit;

namespace RemoteSwap.Client.Tests;

/// <summary>Lies in the replies of all calls but Load.</summary>
public abstract class LyingReplyTests(int streams)
{
    [Theory]
    [InlineData(99)]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(15)]
    public async Task UnknownStoreOutcomeIsABreachOfTheContract(int outcome)
    {
        RemoteSwapException failure = await FailureOfAsync<StoreResponse>(
            r => r.Outcomes[1] = (V1.StoreOutcome)outcome,
            async area => await area.StoreAsync(Pages.Slots(2, first: 40), Pages.Many(2)));
        Assert.Contains($"outcome {outcome} of slot 41", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(99)]
    [InlineData(0)]
    [InlineData(6)]
    public async Task UnknownInvalidateOutcomeIsABreachOfTheContract(int outcome)
    {
        RemoteSwapException failure = await FailureOfAsync<InvalidateResponse>(
            r => r.Outcomes[0] = (V1.InvalidateOutcome)outcome,
            async area => await area.InvalidateAsync(7));
        Assert.Contains($"outcome {outcome} of slot 7", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StoreOutcomesOfAnotherLengthAreABreachOfTheContract()
    {
        await FailureOfAsync<StoreResponse>(
            r => r.Outcomes.Clear(),
            async area => await area.StoreAsync(1, Pages.Any(1)));
        await FailureOfAsync<StoreResponse>(
            r => r.Outcomes.Add(V1.StoreOutcome.Stored),
            async area => await area.StoreAsync(1, Pages.Any(1)));
    }

    [Fact]
    public async Task InvalidateOutcomesOfAnotherLengthAreABreachOfTheContract() =>
        await FailureOfAsync<InvalidateResponse>(
            r => r.Outcomes.Clear(),
            async area => await area.InvalidateAsync(Pages.Slots(3)));

    [Theory]
    [InlineData(99, 0)]
    [InlineData(0, 0)]
    [InlineData((int)V1.ReclaimOutcome.Freed, uint.MaxValue)]
    public async Task StrangeReclaimReplyIsABreachOfTheContract(int outcome, uint frames)
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams);
        server.Store.Lie<ReclaimResponse>(r =>
        {
            r.Outcome = (V1.ReclaimOutcome)outcome;
            r.FramesFreed = frames;
        });

        RemoteSwapException failure = await Assert.ThrowsAsync<RemoteSwapException>(
            async () => await connection.ReclaimAsync(4));
        Assert.Equal(RemoteSwapError.Protocol, failure.Error);
    }

    [Fact]
    public async Task PingOfAnotherShapeIsABreachOfTheContract()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams);
        server.Store.Lie<PingResponse>(r => r.Zpages = Google.Protobuf.ByteString.CopyFrom(1, 2, 3));

        RemoteSwapException failure = await Assert.ThrowsAsync<RemoteSwapException>(
            async () => await connection.PingAsync(new PingShape(0, 0, 1, 2)));
        Assert.Equal(RemoteSwapError.Protocol, failure.Error);
    }

    [Fact]
    public void EveryOutcomeOfTheContractIsKnownUnderItsNumber()
    {
        AssertSame<V1.StoreOutcome, StoreOutcome>(wire => OutcomeTable.Of(wire));
        AssertSame<V1.LoadOutcome, LoadOutcome>(wire => OutcomeTable.Of(wire), V1.LoadOutcome.Evicted);
        AssertSame<V1.InvalidateOutcome, InvalidateOutcome>(wire => OutcomeTable.Of(wire));
        AssertSame<V1.ReclaimOutcome, ReclaimOutcome>(wire => OutcomeTable.Of(wire));
        AssertSame<V1.Encoding, Codec.ZpageEncoding>(wire => OutcomeTable.Of(wire));

        // Whoever has it finds it, whatever the server calls it; to everybody else it is lost.
        Assert.Equal(LoadOutcome.Lost, OutcomeTable.Of(V1.LoadOutcome.Evicted));
    }

    private static void AssertSame<TWire, TOwn>(Func<TWire, TOwn> map, params TWire[] except)
        where TWire : struct, Enum
        where TOwn : struct, Enum
    {
        TWire[] same = [.. Enum.GetValues<TWire>().Except(except)];
        Assert.Equal(same.Length, Enum.GetValues<TOwn>().Length);
        foreach (TWire wire in same.Skip(1))
        {
            Assert.Equal(wire.ToString(), map(wire).ToString());
            Assert.Equal(Convert.ToInt32(wire), Convert.ToInt32(map(wire)));
        }
    }

    private async Task<RemoteSwapException> FailureOfAsync<TReply>(Action<TReply> lie, Func<SwapArea, Task> call)
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams);
        server.Store.Lie(lie);
        RemoteSwapException failure = await Assert.ThrowsAsync<RemoteSwapException>(() => call(connection.Area(0)));
        Assert.Equal(RemoteSwapError.Protocol, failure.Error);
        return failure;
    }
}
