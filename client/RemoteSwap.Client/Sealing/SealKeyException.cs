namespace RemoteSwap.Client;

/// <summary>
/// A key, a key command or a key ring can not be used; the message says which and what to do. It never holds key bytes.
/// </summary>
public sealed class SealKeyException : Exception
{
    internal SealKeyException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}
