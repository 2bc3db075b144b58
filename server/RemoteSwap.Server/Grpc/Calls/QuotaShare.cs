using RemoteSwap.Server.Grpc.Flow;
using RemoteSwap.Store;

namespace RemoteSwap.Server.Grpc.Calls;

/// <summary>
/// A call's part of what its tenant may have under way, and how long its answer is held back. Begun when the tenant is
/// known, ended when nothing of the call lies in memory any more; ended twice it does no harm.
/// <para>One user at a time; a field of the call that has it.</para>
/// </summary>
internal struct QuotaShare
{
    // Who goes on sending what is refused is held back all the same: a refusal costs the server the reading.
    private static readonly TimeSpan s_pauseOfRefused = TimeSpan.FromMilliseconds(100);

    private QuotaAccount? _account;
    private long _bytes;

    /// <summary>How long the answer is held back.</summary>
    public TimeSpan Pause { get; private set; }

    /// <summary>Begins it.</summary>
    /// <param name="tenant">Whose call it is.</param>
    /// <param name="bytes">Bytes of the request, and of the pages that it asks for.</param>
    /// <param name="seat">The stream on which it came; null: none.</param>
    /// <returns>Why the call is refused; null: it is not.</returns>
    public CallRefusal? Begin(Tenant tenant, long bytes, StreamSeat? seat)
    {
        Pause = s_pauseOfRefused;
        if (seat is not null && !seat.TryJoin(tenant, out QuotaRefusal noSeat))
        {
            return CallRefusal.OverQuota(tenant.Name, in noSeat);
        }

        if (!tenant.Quotas.TryBegin(bytes, out TimeSpan pause, out QuotaRefusal refusal))
        {
            return CallRefusal.OverQuota(tenant.Name, in refusal);
        }

        _account = tenant.Quotas;
        _bytes = bytes;
        Pause = pause;
        return null;
    }

    /// <summary>Ends it.</summary>
    public void End()
    {
        _account?.End(_bytes);
        _account = null;
    }
}
