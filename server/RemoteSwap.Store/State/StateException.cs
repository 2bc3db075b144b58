namespace RemoteSwap.Store;

/// <summary>What a server left behind cannot be used: which file, why, and what to do.</summary>
public sealed class StateException : Exception
{
    /// <summary>Says what is wrong.</summary>
    public StateException(string message)
        : base(message)
    {
    }

    /// <summary>Says what is wrong, and what it comes from.</summary>
    public StateException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
