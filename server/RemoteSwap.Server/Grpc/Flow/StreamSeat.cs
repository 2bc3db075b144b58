using RemoteSwap.Store;

namespace RemoteSwap.Server.Grpc.Flow;

/// <summary>
/// A stream as its tenants' quotas of streams see it: it counts for a tenant from that one's first request on, because
/// before nobody knows whose it is. The stream's task alone uses it.
/// </summary>
internal sealed class StreamSeat
{
    private readonly List<Tenant> _tenants = new(1);
    private Tenant? _last;

    /// <summary>Counts the stream for a tenant, unless it is counted.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="refusal">Why it has too many streams.</param>
    /// <returns>Whether it is counted now.</returns>
    public bool TryJoin(Tenant tenant, out QuotaRefusal refusal)
    {
        refusal = default;
        if (_last == tenant)
        {
            return true;
        }

        if (!_tenants.Contains(tenant))
        {
            if (!tenant.Quotas.TryBeginStream(out refusal))
            {
                return false;
            }

            _tenants.Add(tenant);
        }

        _last = tenant;
        return true;
    }

    /// <summary>Holds a stream or a call back, until the server stops.</summary>
    /// <exception cref="OperationCanceledException">It has ended.</exception>
    public static ValueTask PauseAsync(TimeSpan pause, CancellationToken stopping, CancellationToken cancellation) =>
        PauseAsync(pause, stopping, CancellationToken.None, cancellation);

    /// <summary>Holds a stream back, until the server stops or its credential ends.</summary>
    /// <exception cref="OperationCanceledException">The stream has ended.</exception>
    public static async ValueTask PauseAsync(
        TimeSpan pause, CancellationToken stopping, CancellationToken credential, CancellationToken cancellation)
    {
        using CancellationTokenSource ends =
            CancellationTokenSource.CreateLinkedTokenSource(stopping, credential, cancellation);
        await Task.Delay(pause, ends.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>The stream has ended.</summary>
    public void Leave()
    {
        foreach (Tenant tenant in _tenants)
        {
            tenant.Quotas.EndStream();
        }

        _tenants.Clear();
        _last = null;
    }
}
