using CsCheck;
using RemoteSwap.LoadGen.Bench.Figures;
using Xunit;

namespace RemoteSwap.LoadGen.Tests.Bench;

public sealed class SpreadTests
{
    [Fact]
    public void An_odd_number_of_rounds_has_a_middle_one_and_an_even_number_the_mean_of_two()
    {
        Assert.Equal(new Spread(2, 1, 9, 3), Spread.Of([9, 1, 2]));
        Assert.Equal(new Spread(3, 1, 9, 4), Spread.Of([9, 1, 2, 4]));
    }

    [Fact]
    public void Nothing_has_no_spread_and_what_is_no_number_does_not_count()
    {
        Assert.Null(Spread.Of([]));
        Assert.Null(Spread.Of([double.NaN, double.PositiveInfinity]));
        Assert.Equal(new Spread(5, 5, 5, 1), Spread.Of([double.NaN, 5]));
    }

    [Fact]
    public void The_median_has_as_many_rounds_below_it_as_above_it() =>
        Gen.Double[-1e6, 1e6].Array[1, 20].Sample(figures =>
        {
            Spread spread = Spread.Of(figures)!;

            Assert.True(spread.Low <= spread.Median && spread.Median <= spread.High);
            Assert.True(figures.Count(figure => figure < spread.Median) <= figures.Length / 2);
            Assert.True(figures.Count(figure => figure > spread.Median) <= figures.Length / 2);
        });
}
