namespace RemoteSwap.LoadGen.Verification.Histories;

/// <summary>What is known of a store or an invalidation when its call has ended.</summary>
internal enum WriteEffect
{
    /// <summary>Its call failed: it had its effect, or has it later, or never.</summary>
    Unknown,

    /// <summary>It was acknowledged.</summary>
    Done,

    /// <summary>A store was refused: its slot is empty, and its page must never be seen.</summary>
    Refused,

    /// <summary>Something newer has overtaken it: it has no effect from now on.</summary>
    Overtaken,

    /// <summary>Somebody else owns the area. It may have had its effect before that began.</summary>
    Fenced,
}
