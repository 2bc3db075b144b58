namespace RemoteSwap.Client;

/// <summary>What a refused page of a batch means for the others.</summary>
public enum StoreMode
{
    /// <summary>Every page has its own fate.</summary>
    EachPage = 0,

    /// <summary>
    /// If one page is refused, all slots of the batch are empty afterwards. The batch must fit one call: at most 512
    /// pages.
    /// </summary>
    AllOrNothing = 1,
}
