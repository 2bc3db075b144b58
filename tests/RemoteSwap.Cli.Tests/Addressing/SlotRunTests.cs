using RemoteSwap.Cli.Addressing;
using Xunit;

namespace RemoteSwap.Cli.Tests.Addressing;

public sealed class SlotRunTests
{
    [Theory]
    [InlineData("0", 0, 1)]
    [InlineData("5", 5, 1)]
    [InlineData("10-20", 10, 11)]
    [InlineData("7-7", 7, 1)]
    [InlineData("0-4611686018427387904", 0, 4611686018427387905)]
    public void Slots_and_runs_are_read(string text, ulong first, ulong count)
    {
        Assert.True(SlotRun.TryParse(text, out SlotRun run));

        Assert.Equal(new SlotRun(first, count), run);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("5-")]
    [InlineData("-5")]
    [InlineData("20-10")]
    [InlineData("1-2-3")]
    [InlineData("1.5")]
    [InlineData(" 1")]
    [InlineData("+1")]
    [InlineData("0x10")]
    [InlineData("4611686018427387905")]
    [InlineData("99999999999999999999")]
    public void Anything_else_is_refused(string text) => Assert.False(SlotRun.TryParse(text, out _));
}
