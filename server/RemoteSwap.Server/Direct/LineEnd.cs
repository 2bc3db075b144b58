namespace RemoteSwap.Server.Direct;

/// <summary>How a transport says that its line is gone.</summary>
internal static class LineEnd
{
    /// <summary>Whether it says so; other exceptions are faults of the program.</summary>
    public static bool Is(Exception exception) => exception
        is IOException or OperationCanceledException or ObjectDisposedException;
}
