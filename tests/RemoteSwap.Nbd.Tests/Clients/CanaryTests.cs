using RemoteSwap.Nbd.Tests.Processes;
using RemoteSwap.Nbd.Tests.Support;

namespace RemoteSwap.Nbd.Tests.Clients;

/// <summary>Shows that the other tests are able to fail.</summary>
public sealed class CanaryTests
{
    [Fact]
    public async Task Fio_finds_one_wrong_byte()
    {
        ProcessResult engines = await Command.RunAsync("fio", "--enghelp");
        Skipping.Unless(engines.Output.Contains("nbd", StringComparison.Ordinal), "fio has no nbd engine");
        await using TestServer server = new();
        server.Device.LiesAt = 512 << 10;

        ProcessResult result = await Command.RunAsync(
            "fio", "--name=verify", "--ioengine=nbd", $"--uri={server.Uri}", "--rw=randwrite", "--bs=4k",
            "--iodepth=8", "--size=1M", "--verify=crc32c", "--verify_fatal=1", "--do_verify=1",
            $"--aux-path={server.Folder}");

        Assert.NotEqual(0, result.ExitCode);
    }

    [Fact]
    public async Task A_server_that_is_stuck_is_not_healthy()
    {
        await using TestServer server = new(new NbdServerOptions { MaxConnections = 1 });
        await using WireClient first = await server.GoAsync();

        await Assert.ThrowsAnyAsync<IOException>(server.AssertHealthyAsync);
    }

    [Fact]
    public async Task A_server_whose_stream_is_out_of_step_is_noticed()
    {
        await using TestServer server = new();
        await using WireClient client = await server.GoAsync();

        // A write without its payload: the next request is taken for it.
        await client.SendAsync(Cmd.Write, 0, 512);
        await client.SendAsync(new byte[512 - 28]);
        await client.SendAsync(Cmd.Read, 0, 512, cookie: 4711);
        await client.SendAsync(Cmd.Read, 0, 512, cookie: 4712);

        Assert.NotEqual(4711ul, (await client.SimpleReplyAsync()).Cookie);
        Assert.Equal(4712ul, (await client.SimpleReplyAsync(512)).Cookie);
    }
}
