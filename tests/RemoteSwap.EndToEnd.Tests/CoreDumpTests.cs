using System.Globalization;

namespace RemoteSwap.EndToEnd.Tests;

/// <summary>
/// A server that crashes leaves no core file, and nobody of the same user can look into one that runs. Each with the
/// control: where it is allowed, it happens, so that the test would notice.
/// </summary>
public sealed class CoreDumpTests : IDisposable
{
    private const string Nobody = "65534";
    private const string InFolder = "cd \"$0\" && ulimit -c unlimited && exec \"$@\"";
    private const string AsNobody =
        "exec setpriv --reuid=\"$0\" --regid=\"$0\" --clear-groups --inh-caps=-all --bounding-set=-all \"$@\"";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("remoteswap-core-");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_crashes_leaves_a_core_file_only_if_it_may(bool mayDump)
    {
        string pattern = (await File.ReadAllTextAsync("/proc/sys/kernel/core_pattern")).Trim();
        Skipping.Unless(pattern == "core", $"core files do not go to the working directory here, but to '{pattern}'");
        await using ServerProcess server = await ServerProcess.StartByAsync(
            InFolder, _folder.FullName, $"--Process:CoreDumps={mayDump}");
        string limits = await File.ReadAllTextAsync($"/proc/{server.Id}/limits");
        Assert.Matches(mayDump ? "Max core file size +unlimited" : "Max core file size +0 +0", limits);

        await server.SignalAsync("XCPU");
        Assert.NotEqual(0, await server.WaitForExitAsync());

        Assert.Equal(mayDump, _folder.EnumerateFiles("core*").Any());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nobody_of_the_same_user_looks_into_its_memory_unless_it_may(bool mayDump)
    {
        Skipping.Unless(Environment.UserName == "root", "another user can be had by root only");
        Skipping.Unless(await Command.ExistsAsync("setpriv"), "setpriv is not installed");
        await using ServerProcess server = await ServerProcess.StartByAsync(
            AsNobody, Nobody, $"--Process:CoreDumps={mayDump}");

        // What a debugger needs; of the two, /proc/PID/mem may be forbidden by the system for other reasons.
        Assert.Equal(mayDump, await CanReadAsync(server.Id, "environ"));
        Assert.False(!mayDump && await CanReadAsync(server.Id, "mem"));
    }

    [Fact]
    public async Task The_arena_is_in_no_core_file()
    {
        await using ServerProcess server =
            await ServerProcess.StartAsync("--limit", "3GiB", "--Process:CoreDumps=true");
        string[] maps = await File.ReadAllLinesAsync($"/proc/{server.Id}/smaps");
        long size = 0;
        bool isFound = false;
        foreach (string line in maps)
        {
            size = line.StartsWith("Size:", StringComparison.Ordinal)
                ? long.Parse(
                    line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)
                : size;
            if (size is >= 3 << 20 and < 4 << 20 && line.StartsWith("VmFlags:", StringComparison.Ordinal)
                && line.Contains(" nr ", StringComparison.Ordinal))
            {
                isFound |= line.Contains(" dd ", StringComparison.Ordinal);
            }
        }

        Assert.True(isFound, "no mapping of the arena's size is left out of core files");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static async Task<bool> CanReadAsync(int process, string file)
    {
        ProcessResult read = await Command.RunAsync(Command.Of(
            "/bin/sh",
            ["-c", AsNobody, Nobody, "head", "-c", file == "mem" ? "0" : "1", $"/proc/{process}/{file}"]));
        return read.ExitCode == 0;
    }
}
