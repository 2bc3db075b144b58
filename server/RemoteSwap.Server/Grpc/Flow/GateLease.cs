namespace RemoteSwap.Server.Grpc.Flow;

/// <summary>
/// What a unary call has taken of its connection's gate, so that a call that is held back for its tenant's rate can
/// give it back meanwhile: else a slow tenant would keep the memory that all tenants' calls wait for.
/// <para>The call's task alone uses it.</para>
/// </summary>
internal sealed class GateLease(ByteGate gate, long bytes)
{
    private long? _entered;

    /// <summary>Enters, or waits until there is room.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    public async ValueTask EnterAsync(CancellationToken cancellation) =>
        _entered ??= await gate.EnterAsync(bytes, cancellation);

    /// <summary>Gives back what was taken; a second time nothing.</summary>
    public void Leave()
    {
        if (_entered is { } entered)
        {
            _entered = null;
            gate.Leave(entered);
        }
    }
}
