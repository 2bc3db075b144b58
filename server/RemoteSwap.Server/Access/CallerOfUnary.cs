namespace RemoteSwap.Server.Access;

/// <summary>
/// Who makes the unary call that runs in this flow. A Store is carried out while gRPC reads its message, and the reader
/// of a message is told nothing of its call; so it stands beside the flow.
/// <para>
/// The trade-off: a hundred bytes of garbage a unary call, on servers that know identities only. Streams are given
/// their caller once.
/// </para>
/// </summary>
internal static class CallerOfUnary
{
    private static readonly AsyncLocal<Caller?> s_current = new();

    /// <summary>The caller; null: nobody has said who it is.</summary>
    public static Caller? Current
    {
        get => s_current.Value;
        set => s_current.Value = value;
    }
}
