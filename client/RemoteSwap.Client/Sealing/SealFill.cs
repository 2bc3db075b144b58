namespace RemoteSwap.Client;

/// <summary>What becomes of pages of one repeated 8-byte word (the zero page, mostly) where pages are sealed.</summary>
public enum SealFill
{
    /// <summary>
    /// Sealed like all others: the server does not learn the word, and the page is proven by a whole tag. It takes 34
    /// bytes, one of a frame's two places. Its length still tells that it is same-filled.
    /// </summary>
    Sealed = 0,

    /// <summary>
    /// As without sealing: the server learns the word, and the page costs it no frame. What the server answers is
    /// proven by 32 bits of keyed hash only.
    /// </summary>
    Clear = 1,
}
