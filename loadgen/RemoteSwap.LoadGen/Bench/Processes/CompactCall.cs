using System.Diagnostics;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using RemoteSwap.LoadGen.Bench.Figures;
using RemoteSwap.V1;

namespace RemoteSwap.LoadGen.Bench.Processes;

/// <summary>Has a server compact a tenant, over a connection of its own.</summary>
internal sealed class CompactCall : IAsyncDisposable
{
    private const uint MostFrames = 1 << 20;

    private readonly string _tenant;
    private readonly GrpcChannel _channel;
    private readonly AdminService.AdminServiceClient _admin;

    /// <summary>Opens the connection.</summary>
    /// <param name="address">The server's socket.</param>
    /// <param name="tenant">The tenant.</param>
    public CompactCall(string address, string tenant)
    {
        _tenant = tenant;
        UnixDomainSocketEndPoint endPoint = new(new Uri(address).AbsolutePath);
        _channel = GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler
            {
                ConnectCallback = async (_, cancellation) =>
                {
                    Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                    await socket.ConnectAsync(endPoint, cancellation);
                    return new NetworkStream(socket, ownsSocket: true);
                },
            },
        });
        _admin = new AdminService.AdminServiceClient(_channel);
    }

    /// <summary>Compacts.</summary>
    /// <exception cref="BenchFailedException">The server does not.</exception>
    public async Task<CompactFigures> RunAsync(CancellationToken ct)
    {
        try
        {
            ulong before = await CommittedAsync(ct);
            long start = Stopwatch.GetTimestamp();
            CompactResponse reply = await _admin.CompactAsync(
                new CompactRequest { Tenant = _tenant, MaxFrames = MostFrames }, cancellationToken: ct);
            TimeSpan time = Stopwatch.GetElapsedTime(start);
            return new CompactFigures(
                reply.DensityBefore,
                reply.DensityAfter,
                reply.FramesMerged,
                reply.FramesMoved,
                time.TotalSeconds,
                reply.LongestHoldUs,
                (long)before - (long)await CommittedAsync(ct));
        }
        catch (RpcException failed)
        {
            throw new BenchFailedException($"Compact: {failed.Status.Detail} [{failed.StatusCode}]");
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _channel.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<ulong> CommittedAsync(CancellationToken ct) =>
        (await _admin.ListTenantsAsync(new ListTenantsRequest(), cancellationToken: ct)).Server.CommittedBytes;
}
