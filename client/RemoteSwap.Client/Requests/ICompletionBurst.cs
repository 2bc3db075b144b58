namespace RemoteSwap.Client.Requests;

/// <summary>
/// For calls that go on where their reply is received: told before the first of a message's calls goes on and after the
/// last one has, on the receiver's thread. What goes on there must neither wait nor block, since nothing else is
/// received meanwhile; it may begin further calls. So this is not for users of the library.
/// </summary>
internal interface ICompletionBurst
{
    /// <summary>Calls are about to go on, on this thread.</summary>
    void Begin();

    /// <summary>They have gone on as far as they could.</summary>
    void End();
}
