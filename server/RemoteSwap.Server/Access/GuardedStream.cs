using System.Diagnostics.CodeAnalysis;
using RemoteSwap.Server.Grpc;

namespace RemoteSwap.Server.Access;

/// <summary>
/// A stream's view of its caller's credential: who it is, and word when the credential does not count any more. What it
/// is not: the check, which others make from time to time and not for each request.
/// <para>Thread-safe: it ends once, and the refusal stands before the token says so.</para>
/// </summary>
/// <param name="caller">Who opened the stream.</param>
[SuppressMessage("Design", "CA1001", Justification = "The source has no timer.")]
internal sealed class GuardedStream(Caller caller)
{
    private readonly CancellationTokenSource _ended = new();
    private CallRefusal? _refusal;

    /// <summary>Of a server that knows no identities: never ends.</summary>
    public static GuardedStream Unguarded { get; } = new(Caller.Anybody);

    public Caller Caller => caller;

    /// <summary>Says when the stream has to end.</summary>
    public CancellationToken Ended => ReferenceEquals(this, Unguarded) ? CancellationToken.None : _ended.Token;

    /// <summary>With what it ends then; null: it goes on.</summary>
    public CallRefusal? Refusal => Volatile.Read(ref _refusal);

    /// <summary>Ends it.</summary>
    /// <returns>Whether this was the first to do so.</returns>
    public bool End(CallRefusal refusal)
    {
        bool isFirst = Interlocked.CompareExchange(ref _refusal, refusal, comparand: null) is null;
        if (isFirst)
        {
            // What waits for it runs elsewhere: whoever ends streams has others to look after.
            _ = _ended.CancelAsync();
        }

        return isFirst;
    }
}
