namespace RemoteSwap.Client;

/// <summary>
/// What a client has to keep to go on with its session after it was started again. Whoever has it can act for the
/// area's owner: keep it where others can not read it.
/// </summary>
/// <param name="Epoch">The attach epoch.</param>
/// <param name="Token">The session's token, 32 hexadecimal digits.</param>
/// <param name="Incarnation">The server's incarnation in which the session's pages were stored.</param>
public sealed record SessionTicket(ulong Epoch, string Token, ulong Incarnation)
{
    /// <summary>Says nothing of the token, so that it stands in no log.</summary>
    public override string ToString() => $"session of epoch {Epoch}, incarnation {Incarnation}";
}
