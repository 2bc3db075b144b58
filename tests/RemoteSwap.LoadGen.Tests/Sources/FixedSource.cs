using RemoteSwap.Codec;
using RemoteSwap.LoadGen.Sources;

namespace RemoteSwap.LoadGen.Tests.Sources;

/// <summary>A source of a known number of pages, each full of one byte.</summary>
internal sealed class FixedSource(PageKind kind, int pages, byte fill) : IPageSource
{
    private int _left = pages;

    public string Name => kind.ToString();

    public int Read(Span<byte> pages, Span<PageKind> kinds)
    {
        int count = Math.Min(_left, pages.Length / PageSize.Bytes);
        pages[..(count * PageSize.Bytes)].Fill(fill);
        kinds[..count].Fill(kind);
        _left -= count;
        return count;
    }

    public void Dispose()
    {
    }
}
