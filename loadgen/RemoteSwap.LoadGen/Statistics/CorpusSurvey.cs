using RemoteSwap.Codec;
using RemoteSwap.LoadGen.Sources;

namespace RemoteSwap.LoadGen.Statistics;

/// <summary>How the source pages compress, by the codec that the client uses.</summary>
/// <param name="Kinds">One for each kind that has pages.</param>
internal sealed record CorpusSurvey(IReadOnlyList<KindSurvey> Kinds)
{
    /// <summary>Most pages that are compressed; of more, every n-th is.</summary>
    public const int MaxSurveyedPages = 262_144;

    /// <summary>Pages surveyed.</summary>
    public long SurveyedPages => Kinds.Sum(kind => (long)kind.SurveyedPages);

    /// <summary>
    /// Bytes of the surveyed pages' zpages; a same-filled page counts the 8 bytes that it travels as.
    /// </summary>
    public long ZpageBytes => Kinds.Sum(kind => kind.ZpageBytes);

    /// <summary>Mean bytes of a zpage, 1 to 4,096.</summary>
    public int MeanZpageBytes => (int)Math.Clamp(ZpageBytes / Math.Max(1, SurveyedPages), 1, PageSize.Bytes);

    /// <summary>Raw bytes for each byte of zpages.</summary>
    public double CompressionRatio => (double)SurveyedPages * PageSize.Bytes / Math.Max(1, ZpageBytes);

    /// <summary>Share of same-filled pages, 0 to 1.</summary>
    public double SameFilledShare => Kinds.Sum(kind => (double)kind.SameFilled) / Math.Max(1, SurveyedPages);

    /// <summary>Share of incompressible pages, 0 to 1.</summary>
    public double IncompressibleShare => Kinds.Sum(kind => (double)kind.Incompressible) / Math.Max(1, SurveyedPages);

    /// <summary>Compresses the pages of a corpus, on all cores.</summary>
    /// <param name="corpus">At least one page.</param>
    public static CorpusSurvey Of(PageCorpus corpus)
    {
        int stride = ((corpus.Count - 1) / MaxSurveyedPages) + 1;
        int parts = Environment.ProcessorCount;
        KindTally[][] tallies = new KindTally[parts][];
        Parallel.For(0, parts, part => tallies[part] = SurveyPart(corpus, part, parts, stride));

        int[] counts = corpus.CountByKind();
        List<KindSurvey> kinds = [];
        for (int kind = 0; kind < counts.Length; kind++)
        {
            if (counts[kind] > 0)
            {
                kinds.Add(new KindSurvey(
                    (PageKind)kind,
                    counts[kind],
                    tallies.Sum(part => part[kind].Pages),
                    tallies.Sum(part => part[kind].ZpageBytes),
                    tallies.Sum(part => part[kind].SameFilled),
                    tallies.Sum(part => part[kind].Incompressible)));
            }
        }

        return new CorpusSurvey(kinds);
    }

    private static KindTally[] SurveyPart(PageCorpus corpus, int part, int parts, int stride)
    {
        KindTally[] tally = new KindTally[PageKindNames.Count];
        byte[] zpage = new byte[PageSize.Bytes];
        for (long page = (long)part * stride; page < corpus.Count; page += (long)parts * stride)
        {
            int bytes = PageCodec.Default.Encode(corpus.Page((int)page), zpage, out ZpageEncoding encoding);
            ref KindTally kind = ref tally[(int)corpus.Kind((int)page)];
            kind.Pages++;
            kind.ZpageBytes += bytes;
            kind.SameFilled += encoding == ZpageEncoding.Fill ? 1 : 0;
            kind.Incompressible += encoding == ZpageEncoding.Raw ? 1 : 0;
        }

        return tally;
    }

    private struct KindTally
    {
        public int Pages;
        public long ZpageBytes;
        public int SameFilled;
        public int Incompressible;
    }
}
