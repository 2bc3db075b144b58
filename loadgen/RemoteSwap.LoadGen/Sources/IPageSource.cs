namespace RemoteSwap.LoadGen.Sources;

/// <summary>Pages to swap out, read once before the run. Used by one thread.</summary>
internal interface IPageSource : IDisposable
{
    /// <summary>The source, for messages.</summary>
    string Name { get; }

    /// <summary>Copies the next pages.</summary>
    /// <param name="pages">Room for whole pages of 4,096 bytes.</param>
    /// <param name="kinds">Gets the kind of each page; as long as <paramref name="pages"/> has pages.</param>
    /// <returns>Pages copied; 0: the source has no more.</returns>
    /// <exception cref="SourceUnavailableException">The source can not be read at all.</exception>
    int Read(Span<byte> pages, Span<PageKind> kinds);
}
