using RemoteSwap.Nbd.Tests.Processes;
using RemoteSwap.Nbd.Tests.Support;

namespace RemoteSwap.Nbd.Tests.Clients;

/// <summary>fio with its nbd engine: load that checks every byte.</summary>
public sealed class FioTests
{
    [Theory]
    [InlineData("4k", 1, 2)]
    [InlineData("4k", 32, 8)]
    [InlineData("4k-256k", 16, 16)]
    public async Task Fio_verifies_what_it_wrote(string sizes, int depth, int megabytes)
    {
        ProcessResult engines = await Command.RunAsync("fio", "--enghelp");
        Skipping.Unless(engines.Output.Contains("nbd", StringComparison.Ordinal), "fio has no nbd engine");
        await using TestServer server = new();
        server.Device.Before = async (_, offset) =>
        {
            if (offset % 12_288 == 0)
            {
                await Task.Yield();
            }

            return NbdResult.Success;
        };

        (await Command.RunAsync(
            "fio", "--name=verify", "--ioengine=nbd", $"--uri={server.Uri}", "--rw=randwrite",
            $"--bsrange={(sizes.Contains('-') ? sizes : $"{sizes}-{sizes}")}", $"--iodepth={depth}",
            $"--size={megabytes}M", "--verify=crc32c", "--verify_fatal=1", "--do_verify=1", "--fsync=64",
            $"--aux-path={server.Folder}", "--randseed=7")).Checked();

        Assert.Contains("flush", server.Device.Calls);
        Assert.Contains(server.Device.Calls, call => call.StartsWith("read", StringComparison.Ordinal));
    }
}
