using RemoteSwap.Client.Tests.Telemetry;
using RemoteSwap.Nbd.Tests.Support;

namespace RemoteSwap.Nbd.Tests.Telemetry;

/// <summary>What the server measures of its requests and connections.</summary>
public sealed class NbdMeterTests
{
    private const string Duration = "remoteswap.nbd.request.duration";
    private const string Io = "remoteswap.nbd.io";
    private const string InFlight = "remoteswap.nbd.in_flight";
    private const string Connections = "remoteswap.nbd.connection.count";
    private const string Export = "export=vm7";

    [Fact]
    public async Task Commands_are_measured_once_and_bytes_by_direction()
    {
        using MeterWatch meters = new();
        await using TestServer server = new(Options(meters));
        await using (WireClient client = await server.GoAsync())
        {
            Assert.Equal(0u, await client.ErrorOfAsync(Cmd.Write, 0, 8192, payload: new byte[8192]));
            Assert.Equal(0u, await client.ErrorOfAsync(Cmd.Read, 0, 4096, dataBytes: 4096));
            Assert.Equal(0u, await client.ErrorOfAsync(Cmd.Read, 4096, 512, dataBytes: 512));
            Assert.Equal(0u, await client.ErrorOfAsync(Cmd.Flush, 0, 0));
            Assert.Equal(0u, await client.ErrorOfAsync(Cmd.Trim, 0, 4096));
            Assert.Equal(0u, await client.ErrorOfAsync(Cmd.WriteZeroes, 0, 4096));
            Assert.Equal(0u, await client.ErrorOfAsync(Cmd.Cache, 0, 4096));
        }

        Assert.Equal(2, meters.Count(Duration, Export, "command=READ", "error=none"));
        Assert.All(
            ["WRITE", "FLUSH", "TRIM", "WRITE_ZEROES", "CACHE"],
            command => Assert.Equal(1, meters.Count(Duration, Export, $"command={command}", "error=none")));
        Assert.Equal(7, meters.Count(Duration));
        Assert.InRange(meters.Range(Duration).Least, 1e-9, 60);
        Assert.Equal(4608, meters.Sum(Io, Export, "direction=read"));
        Assert.Equal(8192, meters.Sum(Io, Export, "direction=write"));
        await meters.AwaitSumAsync(0, InFlight, Export);
        Assert.Equal(14, meters.Count(InFlight));
    }

    [Fact]
    public async Task Errors_are_told_apart_by_their_names()
    {
        using MeterWatch meters = new();
        await using TestServer server = new(Options(meters));
        Queue<NbdResult> results = new(
        [
            new NbdResult(NbdError.InputOutput, "lost"), new NbdResult(NbdError.NoSpace, "full"),
            new NbdResult(NbdError.NotPermitted, "no"),
        ]);
        server.Device.Before = (_, _) => new ValueTask<NbdResult>(results.Dequeue());
        await using WireClient client = await server.GoAsync();

        Assert.Equal(Err.Io, await client.ErrorOfAsync(Cmd.Read, 0, 4096));
        Assert.Equal(Err.NoSpc, await client.ErrorOfAsync(Cmd.Write, 0, 4096, payload: new byte[4096]));
        Assert.Equal(Err.Perm, await client.ErrorOfAsync(Cmd.Write, 0, 4096, payload: new byte[4096]));
        Assert.Equal(Err.Inval, await client.ErrorOfAsync(Cmd.Read, 1, 512));
        Assert.Equal(Err.Inval, await client.ErrorOfAsync(4711, 0, 512));

        Assert.Equal(1, meters.Count(Duration, Export, "command=READ", "error=EIO"));
        Assert.Equal(1, meters.Count(Duration, Export, "command=WRITE", "error=ENOSPC"));
        Assert.Equal(1, meters.Count(Duration, Export, "command=WRITE", "error=EPERM"));
        Assert.Equal(1, meters.Count(Duration, Export, "command=READ", "error=EINVAL"));
        Assert.Equal(1, meters.Count(Duration, Export, "command=OTHER", "error=EINVAL"));
        Assert.Equal(0, meters.Count(Io));
    }

    [Fact]
    public async Task Connections_and_requests_under_way_go_back_to_none()
    {
        using MeterWatch meters = new();
        await using TestServer server = new(Options(meters));
        TaskCompletionSource<NbdResult> held = new();
        server.Device.Before = (_, _) => new ValueTask<NbdResult>(held.Task);
        await using WireClient idle = await server.GoAsync();
        await using WireClient busy = await server.GoAsync();
        await busy.SendAsync(Cmd.Read, 0, 4096);
        await busy.SendAsync(Cmd.Read, 4096, 4096);

        await meters.AwaitSumAsync(2, Connections, Export);
        await meters.AwaitSumAsync(2, InFlight, Export);
        await idle.DisposeAsync();
        await meters.AwaitSumAsync(1, Connections, Export);
        held.SetResult(NbdResult.Success);
        await busy.SimpleReplyAsync(4096);
        await busy.SimpleReplyAsync(4096);
        await busy.DisposeAsync();
        await meters.AwaitSumAsync(0, Connections, Export);
        await meters.AwaitSumAsync(0, InFlight, Export);
    }

    [Fact]
    public async Task A_request_whose_device_throws_is_not_under_way_any_more()
    {
        using MeterWatch meters = new();
        await using TestServer server = new(Options(meters)) { MayThrow = true };
        server.Device.Before = (_, _) => throw new InvalidOperationException("broken");
        await using WireClient client = await server.GoAsync();

        await client.SendAsync(Cmd.Read, 0, 4096);
        await client.AssertEndAsync();

        await meters.AwaitSumAsync(0, Connections, Export);
        Assert.Equal(2, meters.Count(InFlight));
        Assert.Equal(0, meters.Sum(InFlight));
        Assert.Equal(0, meters.Count(Duration));
    }

    private static NbdServerOptions Options(MeterWatch meters) => new() { ExportName = "vm7", MeterFactory = meters };
}
