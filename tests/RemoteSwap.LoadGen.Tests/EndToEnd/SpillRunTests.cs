using System.Text.Json;
using RemoteSwap.LoadGen.Options;
using Xunit;

namespace RemoteSwap.LoadGen.Tests.EndToEnd;

/// <summary>A working set of twice the memory, with a spill file: no page is refused, none is lost, all come back
/// right.</summary>
public sealed class SpillRunTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("remoteswap-test-").FullName;

    [Fact]
    public async Task Twice_the_memory_goes_in_and_comes_back()
    {
        // Two pages a frame at best: 16,384 pages need 32 MiB at least.
        ProgramRun run = await ProgramRun.StartAsync(
            "--spill", _folder, "--memory", "16MiB", "--pages", "16384", "--count", "8000", "--json");

        Assert.True(run.ExitCode == ExitCode.Ok, run.Output + run.Error);
        JsonElement spill = run.Json.GetProperty("spill");
        Assert.InRange(spill.GetProperty("written_bytes").GetInt64(), 12 << 20, long.MaxValue);
        Assert.InRange(spill.GetProperty("spilled_pages").GetInt64(), 4_000, 16_384);
        Assert.InRange(spill.GetProperty("spill_loads").GetInt64(), 4_000, long.MaxValue);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_a_usage_error()
    {
        ProgramRun run = await ProgramRun.StartAsync("--spill", "/no/such/folder");

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains("/no/such/folder", run.Error, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
