using RemoteSwap.LoadGen.Sources;
using Xunit;

namespace RemoteSwap.LoadGen.Tests.Sources;

public sealed class CorpusBuilderTests
{
    [Fact]
    public void Sources_give_equal_shares()
    {
        PageCorpus corpus = Build(90, (PageKind.Text, 1000), (PageKind.NativeCode, 1000), (PageKind.OwnMemory, 1000));

        Assert.Equal(90, corpus.Count);
        Assert.Equal([0, 30, 30, 0, 30, 0, 0], corpus.CountByKind());
    }

    [Fact]
    public void What_one_source_lacks_the_others_give()
    {
        PageCorpus corpus = Build(100, (PageKind.Text, 10), (PageKind.NativeCode, 1000), (PageKind.OwnMemory, 20));

        Assert.Equal([0, 70, 10, 0, 20, 0, 0], corpus.CountByKind());
    }

    [Fact]
    public void All_sources_together_may_have_less_than_wanted()
    {
        Assert.Equal(15, Build(100, (PageKind.Text, 10), (PageKind.NativeCode, 5)).Count);
        Assert.Equal(0, Build(100, (PageKind.Text, 0)).Count);
    }

    [Fact]
    public void Pages_keep_their_bytes_and_kind_over_segments()
    {
        int wanted = PageCorpus.SegmentPages + 10;
        PageCorpus corpus = Build(wanted, (PageKind.Text, wanted / 2), (PageKind.OtherFile, wanted));

        Assert.Equal(wanted, corpus.Count);
        for (int page = 0; page < wanted; page += 7)
        {
            byte fill = corpus.Kind(page) == PageKind.Text ? (byte)1 : (byte)2;
            Assert.Equal(-1, corpus.Page(page).IndexOfAnyExcept(fill));
        }
    }

    private static PageCorpus Build(int wanted, params (PageKind Kind, int Pages)[] sources) => CorpusBuilder.Build(
        [.. sources.Select((source, i) => new FixedSource(source.Kind, source.Pages, (byte)(i + 1)))],
        wanted,
        CancellationToken.None);
}
