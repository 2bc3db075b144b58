namespace RemoteSwap.LoadGen.Tests.Chaos;

/// <summary>What a client does wrong in a chaos run.</summary>
internal enum ChaosLie
{
    /// <summary>A load answers with a page that was stored before.</summary>
    StalePage,

    /// <summary>A lost page is zeroes.</summary>
    Zeroes,

    /// <summary>A lost page is said to be none.</summary>
    LostIsEmpty,

    /// <summary>A load answers with the page of another slot.</summary>
    OtherSlotsPage,
}
