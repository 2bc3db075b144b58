using System.Diagnostics;
using System.Net.Sockets;
using Google.Protobuf;
using Grpc.Net.Client;
using RemoteSwap.Codec;
using RemoteSwap.V1;

namespace RemoteSwap.EndToEnd.Tests;

/// <summary>The server as a program: what it says, how it ends, where it listens.</summary>
public sealed class ServerProcessTests
{
    private const int UsageError = 64;
    private const int AddressInUse = 69;
    private static readonly TimeSpan s_liveness = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task StartIsReportedAndTerminationEndsWithZero()
    {
        await using ServerProcess server = await ServerProcess.StartAsync("--limit=64MiB", "--Tenants:vm7:Limit=8MiB");
        Assert.Contains("remoteswap-server 0.", server.Errors);
        Assert.Matches(@"pages \(gRPC\) +http://127\.0\.0\.1:\d+/", server.Errors);
        Assert.Matches(@"management +http://127\.0\.0\.1:\d+/", server.Errors);
        Assert.Matches(@"memory +64 MiB", server.Errors);
        Assert.Matches(@"spill +none", server.Errors);
        Assert.Matches(@"tenant +vm7: 8 MiB", server.Errors);

        await server.TerminateAsync();

        Assert.Equal(0, await server.WaitForExitAsync());
        Assert.False(await CanConnectAsync(server.Address));
        Assert.DoesNotContain("Exception", server.Errors);
    }

    [Fact]
    public async Task CallUnderWayFinishesAfterTheTermination()
    {
        await using ServerProcess server = await ServerProcess.StartAsync();
        byte[] page = PageKinds.Noise(4);
        using GrpcChannel channel = server.OpenChannel();
        await new PageStoreService.PageStoreServiceClient(channel).StoreAsync(StoreRaw(7, page));
        (HeldContent body, Task<(int Status, byte[] Reply)> call) = Hold(server);
        await body.Begun;

        await server.TerminateAsync();
        using CancellationTokenSource bound = new(s_liveness);
        while (await CanConnectAsync(server.Address))
        {
            await Task.Delay(10, bound.Token);
        }

        body.Release();
        (int status, byte[] reply) = await call;
        Assert.Equal(0, status);
        Assert.Equal(page, LoadResponse.Parser.ParseFrom(reply.AsSpan(RawCall.PrefixBytes)).Zpages.ToByteArray());
        Assert.Equal(0, await server.WaitForExitAsync());
    }

    [Fact]
    public async Task BusyPortEndsWithItsOwnCode()
    {
        await using ServerProcess first = await ServerProcess.StartAsync();
        string address = $"127.0.0.1:{first.Address.Port}";

        ProcessResult pages = await RunAsync($"--listen={address}", "--management=off");
        Assert.Equal(AddressInUse, pages.ExitCode);
        Assert.Contains(address, pages.Errors);
        Assert.Contains("use another address", pages.Errors);

        ProcessResult management = await RunAsync("--listen=127.0.0.1:0", $"--management={address}");
        Assert.Equal(AddressInUse, management.ExitCode);
        Assert.Contains(address, management.Errors);
    }

    [Fact]
    public async Task WrongSettingsAreAllSaidAtOnce()
    {
        ProcessResult wrong =
            await RunAsync("--limit=1", "--listen=0.0.0.0:1", "--Stroe:Limit=1GiB", "--Tenants:vm7:Areas=0");
        Assert.Equal(UsageError, wrong.ExitCode);
        Assert.Contains("Store:Limit is '1'", wrong.Errors);
        Assert.Contains("Server:Listen is '0.0.0.0:1', which other machines can reach", wrong.Errors);
        Assert.Contains("Stroe:Limit is no setting", wrong.Errors);
        Assert.Contains("Tenants:vm7:Areas is 0", wrong.Errors);
        Assert.Empty(wrong.Output);
    }

    [Theory]
    [InlineData("--no-such-option=1", "is not known")]
    [InlineData("--config=/no/such/file.json", "/no/such/file.json")]
    [InlineData("--spill=/proc/no-spill", "/proc/no-spill")]
    public async Task WrongOptionEndsWithoutAStackTrace(string option, string expected)
    {
        ProcessResult wrong = await RunAsync(option);
        Assert.Equal(UsageError, wrong.ExitCode);
        Assert.Contains(expected, wrong.Errors);
        Assert.DoesNotContain("   at ", wrong.Errors);
    }

    [Fact]
    public async Task HelpVersionAndSettingsArePrinted()
    {
        ProcessResult help = await RunAsync("--help");
        Assert.Equal(0, help.ExitCode);
        Assert.Contains("Usage:", help.Output);

        ProcessResult version = await RunAsync("--version");
        Assert.Equal(0, version.ExitCode);
        Assert.StartsWith("remoteswap-server 0.", version.Output);

        ProcessStartInfo start = Command.Server(["--print-config", "--limit=2GiB"]);
        start.Environment["REMOTESWAP_Server__MaxConnections"] = "77";
        ProcessResult settings = await Command.RunAsync(start);
        Assert.Equal(0, settings.ExitCode);
        Assert.Matches(@"Server:MaxConnections +77 +environment", settings.Output);
        Assert.Matches(@"Store:Limit +2GiB +command line", settings.Output);
        Assert.Matches(@"Spill:Limit +4GiB +default", settings.Output);
    }

    [Fact]
    public async Task UnixSocketServesPagesAndGoesWithTheServer()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("remoteswap-test-");
        try
        {
            string path = Path.Combine(folder.FullName, "pages.sock");
            await using ServerProcess server = await ServerProcess.StartAsync($"--listen=unix:{path}");
            Assert.Equal(path, server.Address.AbsolutePath);
            byte[] page = PageKinds.Noise(5);
            using (GrpcChannel channel = server.OpenChannel())
            {
                PageStoreService.PageStoreServiceClient pages = new(channel);
                StoreResponse stored = await pages.StoreAsync(StoreRaw(7, page));
                Assert.Equal([StoreOutcome.Stored], stored.Outcomes);
                LoadResponse loaded = await pages.LoadAsync(new LoadRequest { Tenant = "default", Slots = { 7 } });
                Assert.Equal(page, loaded.Zpages.ToByteArray());
            }

            await server.TerminateAsync();
            Assert.Equal(0, await server.WaitForExitAsync());
            Assert.False(File.Exists(path));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static (HeldContent Body, Task<(int Status, byte[] Reply)> Call) Hold(ServerProcess server)
    {
        HeldContent body = new(RawCall.Framed(new LoadRequest { Tenant = "default", Slots = { 7 } }.ToByteArray()));
        return (body, RawCall.PostAsync(server.Address, $"/{PageStoreService.Descriptor.FullName}/Load", body));
    }

    private static StoreRequest StoreRaw(ulong slot, byte[] page) => new()
    {
        Tenant = "default",
        Slots = { slot },
        Generations = { 1 },
        Sizes = { PageSize.Bytes },
        Encodings = { Encoding.Raw },
        ZpageChecksums = { PageChecksum.OfZpage(page) },
        Zpages = ByteString.CopyFrom(page),
    };

    private static Task<ProcessResult> RunAsync(params string[] args) => Command.RunAsync(Command.Server(args));

    private static async Task<bool> CanConnectAsync(Uri address)
    {
        using TcpClient client = new();
        try
        {
            await client.ConnectAsync(address.Host, address.Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
