using RemoteSwap.Client;
using RemoteSwap.LoadGen.Options;
using RemoteSwap.LoadGen.Workload;

namespace RemoteSwap.LoadGen.Run;

/// <summary>One tenant's connection and area.</summary>
internal sealed class TenantLink : IAsyncDisposable
{
    // The most that a reclaim may ask for: 4 GiB.
    private const int MostFrames = 1_048_576;

    private readonly RemoteSwapConnection _connection;

    private readonly AttachedArea? _attached;

    private TenantLink(RemoteSwapConnection connection, uint area, AttachedArea? attached)
    {
        _connection = connection;
        _attached = attached;
        Target = new ClientSwapTarget(connection, attached?.Pages ?? connection.Area(area));
    }

    /// <summary>The tenant.</summary>
    public string Tenant => _connection.Tenant;

    /// <summary>Its area.</summary>
    public ISwapTarget Target { get; }

    /// <summary>Opens a connection and makes sure that the server, the tenant and the area are there.</summary>
    /// <param name="options">Server, tenant, and how to connect.</param>
    /// <param name="area">Its area.</param>
    /// <param name="attaches">Whether to own the area: then pages that find the server full wait for room.</param>
    /// <exception cref="RunFailedException">One of them is not.</exception>
    public static async Task<TenantLink> OpenAsync(RemoteSwapClientOptions options, uint area, bool attaches)
    {
        RemoteSwapConnection connection = RemoteSwapConnection.Open(options);
        TenantLink link = new(connection, area, attached: null);
        try
        {
            if (attaches && (await connection.AttachAsync(area)).Area is { } attached)
            {
                link = new TenantLink(connection, area, attached);
            }

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
                    ? $"no page server answers at {options.Address}: {failed.Message} Start one, or leave --server "
                        + "out to run one in this process."
                    : $"the server at {options.Address} does not serve tenant '{options.Tenant}', area {area}: "
                        + failed.Message,
                failed);
        }
    }

    /// <summary>Has the server write all its frames to the spill file.</summary>
    /// <returns>Frames freed.</returns>
    public async Task<long> ReclaimAllAsync() => (await _connection.ReclaimAsync(MostFrames)).FramesFreed;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_attached is not null)
        {
            await _attached.DisposeAsync();
        }

        await _connection.DisposeAsync();
    }
}
