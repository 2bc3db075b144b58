using CsCheck;
using Xunit;

namespace RemoteSwap.Pool.Tests.Units;

public sealed class FirstFitMapTests
{
    private const int Runs = 300;

    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(300_000)]
    public void It_grows_to_its_bound_and_hands_out_each_number_once(int max)
    {
        FirstFitMap map = new(1, max);
        for (int expected = 0; expected < max; expected++)
        {
            Assert.True(map.TryTake(out int number));
            Assert.Equal(expected, number);
        }

        Assert.False(map.TryTake(out _));
        Assert.Equal(max, map.Capacity);
        map.Give(max / 2);
        Assert.True(map.TryTake(out int again));
        Assert.Equal(max / 2, again);
    }

    [Fact]
    public void Giving_a_free_number_back_breaks_an_invariant()
    {
        FirstFitMap map = new(8, 8);
        Assert.True(map.TryTake(out int number));
        map.Give(number);

        Assert.Throws<InvariantViolationException>(() => map.Give(number));
    }

    [Fact]
    public void It_always_hands_out_the_lowest_free_number()
    {
        Gen.Select(Gen.Int[1, 200], Gen.Int[0, 20_000], Gen.Int[0, int.MaxValue].Array[1, 600]).Sample(
            (initial, more, steps) =>
            {
                int max = initial + more;
                FirstFitMap map = new(initial, max);
                SortedSet<int> given = [];
                List<int> taken = [];
                int next = 0;
                foreach (int step in steps)
                {
                    if (step % 5 < 3)
                    {
                        int expected = given.Count > 0 ? given.Min : next < max ? next++ : -1;
                        given.Remove(expected);
                        Assert.Equal(expected >= 0, map.TryTake(out int number));
                        Assert.Equal(expected, number);
                        taken.AddRange(expected >= 0 ? [number] : []);
                    }
                    else if (taken.Count > 0)
                    {
                        int index = step % taken.Count;
                        map.Give(taken[index]);
                        Assert.True(map.IsFree(taken[index]));
                        given.Add(taken[index]);
                        taken.RemoveAt(index);
                    }
                }

                Assert.All(taken, number => Assert.False(map.IsFree(number)));
            },
            iter: Runs);
    }
}
