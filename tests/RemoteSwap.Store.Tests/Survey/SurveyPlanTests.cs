using Xunit;

namespace RemoteSwap.Store.Tests.Survey;

public sealed class SurveyPlanTests
{
    [Theory]
    [InlineData(0, 1000, 100_000, 2048, 1, 1000)]
    [InlineData(0, 65_536, 65_536, 2048, 32, 2048)]
    [InlineData(500, 99_999, 1_000, 100, 8, 63)]
    [InlineData(0, 268_435_456, 268_435_456, 4096, 65_536, 4096)]
    [InlineData(7, 0, 100, 10, 1, 0)]
    [InlineData(200, 5, 100, 10, 1, 0)]
    public void Blocks_are_as_few_as_asked_for(
        long from, long count, long end, int maxBlocks, long expectedBlock, int expectedBlocks)
    {
        SurveyPlan plan = SurveyPlan.Of(from, count, end, maxBlocks, FrameSurvey.MaxLooked);

        Assert.Equal(expectedBlock, plan.BlockFrames);
        Assert.Equal(expectedBlocks, plan.Blocks);
        long looked = plan.Parts(512).Sum(part => (long)part.Count);
        Assert.InRange(looked, Math.Min(plan.Count, 1), FrameSurvey.MaxLooked);
        Assert.All(plan.Parts(512), part =>
        {
            Assert.InRange(part.Count, 1, 512);
            Assert.Equal(part.First / 512, (part.First + part.Count - 1) / 512);
            Assert.InRange(part.First, from, Math.Min(from + count, end) - 1);
        });
    }

    [Fact]
    public void What_is_not_too_much_is_looked_at_whole_and_once()
    {
        SurveyPlan plan = SurveyPlan.Of(100, 5000, 100_000, 300, FrameSurvey.MaxLooked);
        long[] seen =
        [
            .. plan.Parts(512).SelectMany(part => Enumerable.Range(0, part.Count).Select(frame => part.First + frame)),
        ];

        Assert.Equal(Enumerable.Range(100, 5000).Select(frame => (long)frame), seen);
    }

    [Fact]
    public void Of_more_the_head_of_each_block_is_looked_at()
    {
        SurveyPlan plan = SurveyPlan.Of(0, 1 << 24, 1 << 24, 4096, FrameSurvey.MaxLooked);

        Assert.Equal(64, plan.LookedPerBlock);
        Assert.Equal(
            Enumerable.Range(0, 4096).Select(block => (long)block * plan.BlockFrames),
            plan.Parts(512).Select(part => part.First));
    }
}
