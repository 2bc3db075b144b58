using RemoteSwap.LoadGen.Sources;
using RemoteSwap.LoadGen.Statistics;
using Xunit;

namespace RemoteSwap.LoadGen.Tests.Sources;

public sealed class SyntheticPageSourceTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(1.5)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(10)]
    [InlineData(50)]
    [InlineData(100)]
    public void Pages_compress_by_the_stated_ratio(double ratio)
    {
        PageCorpus corpus = Build(ratio, seed: 1);

        CorpusSurvey survey = CorpusSurvey.Of(corpus);
        Assert.InRange(survey.CompressionRatio, ratio * 0.88, ratio * 1.12);
        Assert.Equal(ratio <= 1 ? 1 : 0, survey.IncompressibleShare);
        Assert.Equal(0, survey.SameFilledShare);
    }

    [Fact]
    public void Pages_differ_and_a_seed_repeats_them()
    {
        PageCorpus first = Build(ratio: 3, seed: 7);
        PageCorpus again = Build(ratio: 3, seed: 7);

        HashSet<string> pages = new(StringComparer.Ordinal);
        Assert.All(Enumerable.Range(0, 200), i => Assert.True(pages.Add(Convert.ToHexString(first.Page(i)))));
        Assert.True(first.Page(199).SequenceEqual(again.Page(199)));
        Assert.False(first.Page(0).SequenceEqual(Build(ratio: 3, seed: 8).Page(0)));
    }

    private static PageCorpus Build(double ratio, ulong seed) =>
        CorpusBuilder.Build([new SyntheticPageSource(ratio, new SeededRandom(seed))], 200, CancellationToken.None);
}
