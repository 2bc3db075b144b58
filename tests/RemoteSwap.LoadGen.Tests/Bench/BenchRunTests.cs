using System.Diagnostics;
using System.Text.Json;
using System.Xml.Linq;
using RemoteSwap.LoadGen.Options;
using RemoteSwap.LoadGen.Tests.EndToEnd;
using Xunit;

namespace RemoteSwap.LoadGen.Tests.Bench;

/// <summary>The benchmark as its user sees it, with real processes. What it measures is not looked at.</summary>
public sealed class BenchRunTests : IDisposable
{
    private static readonly string[] s_short = ["--repeat", "1", "--seconds", "0.05", "--working-set", "8MiB"];

    private readonly string _directory = Directory.CreateTempSubdirectory("remoteswap-loadgen-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task The_headline_is_measured_written_as_json_and_html_and_leaves_no_process()
    {
        string html = Path.Combine(_directory, "bench.html");

        ProgramRun run = await ProgramRun.StartAsync(
            ["bench", "--quick", .. s_short, "--against", "none", "--json", "-", "--html", html]);

        Assert.True(run.ExitCode == ExitCode.Ok, run.Output + run.Error);
        Assert.Equal("remoteswap.bench/1", run.Json.GetProperty("schema").GetString());
        Assert.Equal(0, run.Json.GetProperty("bad_pages").GetInt64());
        Assert.Equal(Environment.ProcessorCount, run.Json.GetProperty("machine").GetProperty("cores").GetInt32());
        JsonElement set = Assert.Single(run.Json.GetProperty("sets").EnumerateArray());
        Assert.Equal("headline", set.GetProperty("name").GetString());
        JsonElement group = set.GetProperty("groups")[0];
        Assert.Equal(
            [
                "store", "ping as store", "ping as store that copies", "store, blocks walked", "load", "ping as load",
                "ping as load that copies",
            ],
            group.GetProperty("legs").EnumerateArray().Select(leg => leg.GetProperty("name").GetString()!),
            StringComparer.Ordinal);
        Assert.All(
            group.GetProperty("legs").EnumerateArray(),
            leg => Assert.True(leg.GetProperty("pages_per_second").GetProperty("median").GetDouble() > 0));
        Assert.Contains(
            group.GetProperty("ratios").EnumerateArray(),
            ratio => ratio.GetProperty("title").GetString() == "store / ping as store"
                && ratio.GetProperty("goal").GetString() == ">= 0.75");
        Assert.Equal("html", XDocument.Load(html).Root!.Name.LocalName);
        Assert.Contains("Zpages of 1,600 bytes", run.Error, StringComparison.Ordinal);
        Assert.Empty(Children());
    }

    [Fact]
    public async Task Clients_that_misbehave_are_measured_and_printed_as_text()
    {
        ProgramRun run = await ProgramRun.StartAsync(
            ["bench", "hostile", "--quick", .. s_short, "--json", Path.Combine(_directory, "bench.json")]);

        Assert.True(run.ExitCode == ExitCode.Ok, run.Output + run.Error);
        Assert.Contains("load, beside one that never reads / load, alone", run.Output, StringComparison.Ordinal);
        Assert.Contains("0 bad pages; 0 legs failed.", run.Output, StringComparison.Ordinal);
        await using FileStream json = File.OpenRead(Path.Combine(_directory, "bench.json"));
        using JsonDocument report = await JsonDocument.ParseAsync(
            json, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("remoteswap.bench/1", report.RootElement.GetProperty("schema").GetString());
        Assert.Empty(Children());
    }

    [Fact]
    public async Task Compaction_under_load_is_measured_and_reaches_its_density()
    {
        ProgramRun run = await ProgramRun.StartAsync(["bench", "compact", "--quick", .. s_short]);

        Assert.True(run.ExitCode == ExitCode.Ok, run.Output + run.Error);
        Assert.Matches("pages a frame before Compact +1[.][12]", run.Output);
        Assert.Matches("pages a frame after Compact .* goal >= 1.85  PASS", run.Output);
        Assert.Contains("ms, most that a load can have waited for Compact", run.Output, StringComparison.Ordinal);
        Assert.Empty(Children());
    }

    [Fact]
    public async Task Usage_errors_end_in_64_and_help_is_a_result()
    {
        ProgramRun wrong = await ProgramRun.StartAsync("bench", "--repeat", "0");
        ProgramRun help = await ProgramRun.StartAsync("bench", "--help");

        Assert.Equal(ExitCode.Usage, wrong.ExitCode);
        Assert.Contains("--repeat", wrong.Error, StringComparison.Ordinal);
        Assert.Empty(wrong.Output);
        Assert.Equal(ExitCode.Ok, help.ExitCode);
        Assert.Contains("headline", help.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_than_the_memory_is_refused_before_anything_starts()
    {
        long bytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        Assert.SkipUnless(bytes < 256L << 30, "This computer has memory for every working set.");
        string tooMuch = FormattableString.Invariant($"{(bytes >> 30) + 1}GiB");

        ProgramRun run = await ProgramRun.StartAsync("bench", "--working-set", tooMuch);

        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.Contains("--working-set", run.Error, StringComparison.Ordinal);
        Assert.Empty(Children());
    }

    // Processes that this one started and that are still there, by their command lines; none where the system does not
    // say.
    private static string[] Children()
    {
        if (!Directory.Exists("/proc/self/task"))
        {
            return [];
        }

        List<string> children = [];
        foreach (Process process in Process.GetProcesses())
        {
            using (process)
            {
                string stat = ReadOrEmpty($"/proc/{process.Id}/stat");
                string[] rest = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
                string command = ReadOrEmpty($"/proc/{process.Id}/cmdline").Replace('\0', ' ');
                if (rest.Length > 1 && rest[1] == FormattableString.Invariant($"{Environment.ProcessId}")
                    && command.Contains("bench-", StringComparison.Ordinal))
                {
                    children.Add(command);
                }
            }
        }

        return [.. children];
    }

    private static string ReadOrEmpty(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            // It ended meanwhile.
            return string.Empty;
        }
    }
}
