namespace RemoteSwap.LoadGen.Sources;

/// <summary>Fills a corpus from several sources in equal shares; what one source lacks, the others give.</summary>
internal static class CorpusBuilder
{
    /// <summary>Fills a corpus.</summary>
    /// <param name="sources">At least one; read in their order.</param>
    /// <param name="wantedPages">At least 1.</param>
    /// <param name="stop">Ends the work early.</param>
    /// <returns>A corpus of so many pages, or of fewer if the sources have no more.</returns>
    public static PageCorpus Build(IReadOnlyList<IPageSource> sources, int wantedPages, CancellationToken stop)
    {
        PageCorpus corpus = new();
        List<IPageSource> open = [.. sources];

        // Every round either fills the corpus or closes a source, so there are at most as many rounds as sources.
        while (open.Count > 0 && corpus.Count < wantedPages)
        {
            List<IPageSource> stillOpen = [];
            for (int i = 0; i < open.Count; i++)
            {
                stop.ThrowIfCancellationRequested();
                int share = (wantedPages - corpus.Count) / (open.Count - i);
                if (share == 0 || corpus.Append(open[i], share) == share)
                {
                    stillOpen.Add(open[i]);
                }
            }

            open = stillOpen;
        }

        return corpus;
    }
}
