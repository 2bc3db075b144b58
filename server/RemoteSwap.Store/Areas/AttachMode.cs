namespace RemoteSwap.Store;

/// <summary>How to attach.</summary>
public enum AttachMode : byte
{
    /// <summary>Not said.</summary>
    None = 0,

    /// <summary>Only where nobody owns the area.</summary>
    Exclusive,

    /// <summary>Whoever owns it.</summary>
    TakeOver,

    /// <summary>Goes on with a session.</summary>
    Resume,
}
