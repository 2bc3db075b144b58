namespace RemoteSwap.LoadGen.Tests.Workload;

/// <summary>What a target does wrong.</summary>
internal enum Lie
{
    None,

    /// <summary>A load answers with the page before the last one.</summary>
    StalePage,

    /// <summary>A load answers with the page of another slot.</summary>
    OtherSlotsPage,

    /// <summary>A load answers with zeroes.</summary>
    Zeroes,

    /// <summary>A load of a stored page says that there is none.</summary>
    Lost,

    /// <summary>A load of a stored page says that it is corrupt.</summary>
    Corrupt,

    /// <summary>One bit of a page is flipped.</summary>
    FlippedBit,

    /// <summary>A refused store leaves the old page behind.</summary>
    RefusedAndKept,

    /// <summary>A store that failed as a call has brought in a page of nobody.</summary>
    FailedAndForeign,

    /// <summary>Emptying the area leaves the pages behind.</summary>
    NotEmptied,
}
