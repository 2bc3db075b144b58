using System.Net;
using System.Net.Sockets;

namespace RemoteSwap.Server.Tests.Operations;

/// <summary>A server that has taken drained pages and then can not serve must not lose them.</summary>
public sealed class FailedStartTests : IDisposable
{
    private const string Any = "127.0.0.1:0";
    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("remoteswap-state-");

    private string State => $"--state={_state.FullName}";

    [Theory]
    [InlineData("listen")]
    [InlineData("management")]
    public async Task AStartWhoseAddressIsTakenLosesNoPage(string address)
    {
        byte[] page = PageKinds.Text(1);
        await using (TestServer first = await TestServer.StartAsync(State))
        {
            await first.StoreOneAsync(7, page);
        }

        using (TcpListener other = new(IPAddress.Loopback, port: 0))
        {
            other.Start();
            await Assert.ThrowsAnyAsync<IOException>(() => PageServer.StartAsync(
            [
                $"--listen={(address == "listen" ? other.LocalEndpoint : Any)}",
                $"--management={(address == "management" ? other.LocalEndpoint : Any)}",
                $"--Tenants:{TestServer.TenantA}:Enabled=true",
                State,
            ]));
        }

        await using TestServer second = await TestServer.StartAsync(State);
        await second.AssertHoldsAsync([7], [page]);
    }

    public void Dispose() => _state.Delete(recursive: true);
}
