using RemoteSwap.Client;
using RemoteSwap.LoadGen.Bench.Cases;

namespace RemoteSwap.LoadGen.Bench.Lanes;

/// <summary>
/// Connections of a worker, one for each server, tenant, number of streams and key; they stay open between jobs. Used
/// by one job at a time.
/// </summary>
internal sealed class PageLinks : IAsyncDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(1);

    private readonly Dictionary<(string Server, string Tenant, int Streams, string SealKey), RemoteSwapConnection>
        _open = [];

    /// <summary>The connection of one tenant.</summary>
    public RemoteSwapConnection Connection(WorkJob job, int tenant)
    {
        (string, string, int, string) key = (job.Server, job.TenantName(tenant), job.Streams, job.SealKey);
        if (!_open.TryGetValue(key, out RemoteSwapConnection? connection))
        {
            connection = RemoteSwapConnection.Open(new RemoteSwapClientOptions
            {
                Address = new Uri(job.Server),
                Tls = job.Ca.Length == 0
                    ? null
                    : new TlsOptions { CaFile = job.Ca, CertificateFile = job.Certificate, KeyFile = job.Key },
                Seal = job.SealKey.Length == 0 ? null : new SealOptions { KeyFile = job.SealKey },
                Tenant = job.TenantName(tenant),
                Streams = job.Streams,
                CallDeadline = s_deadline,
                MaxAttempts = 1,
            });
            _open.Add(key, connection);
        }

        return connection;
    }

    /// <summary>All areas of a job, those of the first tenant first.</summary>
    public SwapArea[] Areas(WorkJob job) =>
    [
        .. from tenant in Enumerable.Range(0, job.Tenants)
           from area in Enumerable.Range(job.FirstArea, job.Areas)
           select Connection(job, tenant).Area((uint)area),
    ];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (RemoteSwapConnection connection in _open.Values)
        {
            await connection.DisposeAsync();
        }
    }
}
