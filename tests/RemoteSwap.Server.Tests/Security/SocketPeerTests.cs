using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using RemoteSwap.V1;

namespace RemoteSwap.Server.Tests.Security;

/// <summary>Unix sockets: the system says who is at the other end.</summary>
public sealed class SocketPeerTests
{
    [Fact]
    public async Task TheUserOfASocketIsWhoTheSettingsSay()
    {
        string me = $"{UserId()}=tenant/{TestServer.TenantA}";
        await AssertAsync(me, TestServer.TenantA, StatusCode.OK);
        await AssertAsync(me, "", StatusCode.OK);
        await AssertAsync(me, TestServer.TenantB, StatusCode.PermissionDenied);
        await AssertAsync($"{UserId()}=admin/me", TestServer.TenantA, StatusCode.PermissionDenied);
    }

    [Fact]
    public async Task AUserThatIsNotNamedIsRefusedUnlessItHasAToken()
    {
        string other = $"{UserId() + 1}=tenant/{TestServer.TenantA}";
        await AssertAsync(other, TestServer.TenantA, StatusCode.Unauthenticated);

        using SpillFolder folder = new();
        string token = Tokens.New();
        await File.WriteAllTextAsync(folder.File, Tokens.Line($"tenant {TestServer.TenantA}", token));
        await AssertAsync(other, TestServer.TenantA, StatusCode.OK, token, $"--Security:Tokens={folder.File}");
        await AssertAsync(
            other, TestServer.TenantA, StatusCode.Unauthenticated, Tokens.New(), $"--Security:Tokens={folder.File}");
    }

    private static async Task AssertAsync(
        string peers, string tenant, StatusCode expected, string? token = null, params string[] settings)
    {
        using SpillFolder folder = new();
        await using PageServer server = await PageServer.StartAsync(
        [
            $"--listen=unix:{folder.File}", "--management=off", $"--Security:SocketPeers={peers}",
            $"--Tenants:{TestServer.TenantA}:Enabled=true", $"--Tenants:{TestServer.TenantB}:Enabled=true",
            .. settings,
        ]);
        using SocketsHttpHandler handler = new()
        {
            ConnectCallback = async (_, cancellation) =>
            {
                Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(folder.File), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using GrpcChannel channel = GrpcChannel.ForAddress(
            "http://localhost", new GrpcChannelOptions { HttpHandler = handler });
        StatusCode status = StatusCode.OK;
        try
        {
            await new PageStoreService.PageStoreServiceClient(channel).LoadAsync(
                Batch.Load([1], tenant), SecureServer.With(token));
        }
        catch (RpcException failure)
        {
            status = failure.StatusCode;
        }

        Assert.Equal(expected, status);
    }

    // As the kernel says it, and not as the server asks.
    private static uint UserId()
    {
        string line = File.ReadLines("/proc/self/status").First(
            text => text.StartsWith("Uid:", StringComparison.Ordinal));
        return uint.Parse(line.Split('\t')[2]);
    }
}
