using RemoteSwap.Units;
using Xunit;

namespace RemoteSwap.LoadGen.Tests.Options;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("250ms", 250)]
    [InlineData("10s", 10_000)]
    [InlineData("3m", 180_000)]
    [InlineData("1.5h", 5_400_000)]
    [InlineData("0.5s", 500)]
    public void Reads_times_with_units(string text, double milliseconds)
    {
        Assert.True(DurationText.TryParse(text, out TimeSpan duration));
        Assert.Equal(milliseconds, duration.TotalMilliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("s")]
    [InlineData("-3s")]
    [InlineData("0s")]
    [InlineData("8d")]
    [InlineData("169h")]
    [InlineData("NaNs")]
    public void Refuses_what_is_no_time(string text) => Assert.False(DurationText.TryParse(text, out _));

    [Theory]
    [InlineData(0.0004, "400 us")]
    [InlineData(0.00137, "1.37 ms")]
    [InlineData(2.5, "2.50 s")]
    [InlineData(300, "5.0 min")]
    public void Writes_the_unit_that_suits(double seconds, string text) =>
        Assert.Equal(text, DurationText.Format(TimeSpan.FromSeconds(seconds)));
}
