namespace RemoteSwap.LoadGen.Sources;

/// <summary>A page source can not be read; the message says which, why and what to do.</summary>
internal sealed class SourceUnavailableException : Exception
{
    /// <summary>Creates one.</summary>
    /// <param name="message">Which source, why, what to do.</param>
    /// <param name="isPermission">Whether a right is missing, rather than the source itself.</param>
    /// <param name="innerException">What the system said.</param>
    public SourceUnavailableException(string message, bool isPermission, Exception? innerException = null)
        : base(message, innerException) => IsPermission = isPermission;

    /// <summary>Whether a right is missing, rather than the source itself.</summary>
    public bool IsPermission { get; }
}
