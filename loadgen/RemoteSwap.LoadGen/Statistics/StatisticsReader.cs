using Grpc.Core;
using Grpc.Net.Client;
using RemoteSwap.Client;
using RemoteSwap.V1;

namespace RemoteSwap.LoadGen.Statistics;

/// <summary>
/// Asks a server's admin service for figures. A server that does not answer it can be loaded all the same.
/// </summary>
internal sealed class StatisticsReader : IDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);

    private readonly GrpcChannel _channel;
    private readonly AdminService.AdminServiceClient _admin;
    private readonly IReadOnlyCollection<string> _tenants;

    /// <summary>Creates a reader.</summary>
    /// <param name="options">How the library connects to the server.</param>
    /// <param name="tenants">The tenants of this run.</param>
    public StatisticsReader(RemoteSwapClientOptions options, IReadOnlyCollection<string> tenants)
    {
        _channel = RemoteSwapConnection.OpenChannel(options);
        _admin = new AdminService.AdminServiceClient(_channel);
        _tenants = tenants;
    }

    /// <summary>Why the last question was not answered; null if it was.</summary>
    public string? Failure { get; private set; }

    /// <summary>The figures now; null if the server does not tell.</summary>
    public async Task<ServerSnapshot?> TryReadAsync()
    {
        try
        {
            ListTenantsResponse reply = await _admin.ListTenantsAsync(
                new ListTenantsRequest(), deadline: DateTime.UtcNow + s_deadline);
            Failure = null;
            return ServerSnapshot.Of(reply, _tenants);
        }
        catch (RpcException failed)
        {
            Failure = $"{failed.Status.Detail} [{failed.StatusCode}]";
            return null;
        }
    }

    /// <summary>Has the server compare its books; null if it does not.</summary>
    /// <returns>What does not agree; empty if all does.</returns>
    public async Task<IReadOnlyList<string>?> TryCheckInvariantsAsync()
    {
        List<string> violations = [];
        foreach (string tenant in _tenants)
        {
            try
            {
                CheckInvariantsResponse reply = await _admin.CheckInvariantsAsync(
                    new CheckInvariantsRequest { Tenant = tenant }, deadline: DateTime.UtcNow + s_deadline);
                violations.AddRange(reply.Violations);
            }
            catch (RpcException failed)
            {
                Failure = $"{failed.Status.Detail} [{failed.StatusCode}]";
                return null;
            }
        }

        return violations;
    }

    /// <inheritdoc/>
    public void Dispose() => _channel.Dispose();
}
