namespace RemoteSwap.Client;

/// <summary>
/// A call failed as a whole. What became of single pages is never an exception but an outcome. After a failed store the
/// slots of the batch hold either the old or the new pages: repeat the store or invalidate them.
/// </summary>
public sealed class RemoteSwapException : Exception
{
    /// <summary>Creates one.</summary>
    /// <param name="error">Why.</param>
    /// <param name="message">What failed, for whom, the value, and what to do.</param>
    /// <param name="innerException">What the transport said, if it did.</param>
    public RemoteSwapException(RemoteSwapError error, string message, Exception? innerException = null)
        : base(message, innerException) => Error = error;

    /// <summary>Why the call failed.</summary>
    public RemoteSwapError Error { get; }
}
