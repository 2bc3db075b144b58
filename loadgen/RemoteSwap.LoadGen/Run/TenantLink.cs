using RemoteSwap.Client;
using RemoteSwap.LoadGen.Options;
using RemoteSwap.LoadGen.Workload;

namespace RemoteSwap.LoadGen.Run;

/// <summary>One tenant's connection and area.</summary>
internal sealed class TenantLink : IAsyncDisposable
{
    private readonly RemoteSwapConnection _connection;

    private TenantLink(RemoteSwapConnection connection, uint area)
    {
        _connection = connection;
        Target = new ClientSwapTarget(connection, connection.Area(area));
    }

    /// <summary>The tenant.</summary>
    public string Tenant => _connection.Tenant;

    /// <summary>Its area.</summary>
    public ISwapTarget Target { get; }

    /// <summary>Opens a connection and makes sure that the server, the tenant and the area are there.</summary>
    /// <param name="address">Where gRPC is served.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="area">Its area.</param>
    /// <exception cref="RunFailedException">One of them is not.</exception>
    public static async Task<TenantLink> OpenAsync(Uri address, string tenant, uint area)
    {
        TenantLink link = new(
            RemoteSwapConnection.Open(new RemoteSwapClientOptions { Address = address, Tenant = tenant }), area);
        try
        {
            await link.Target.LoadAsync(new ulong[1], new byte[Codec.PageSize.Bytes], CancellationToken.None);
            return link;
        }
        catch (RemoteSwapException failed)
        {
            await link.DisposeAsync();
            bool isAway = failed.Error is RemoteSwapError.Unavailable or RemoteSwapError.DeadlineExceeded;
            throw new RunFailedException(
                isAway ? ExitCode.Unavailable : ExitCode.Failed,
                isAway
                    ? $"no page server answers at {address}: {failed.Message} Start one, or leave --server "
                        + "out to run one in this process."
                    : $"the server at {address} does not serve tenant '{tenant}', area {area}: {failed.Message}",
                failed);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
