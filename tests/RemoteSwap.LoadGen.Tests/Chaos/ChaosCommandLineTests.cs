using RemoteSwap.LoadGen.Chaos.Options;
using RemoteSwap.LoadGen.Options;
using RemoteSwap.LoadGen.Tests.EndToEnd;
using Xunit;

namespace RemoteSwap.LoadGen.Tests.Chaos;

public sealed class ChaosCommandLineTests
{
    [Fact]
    public void Options_are_read()
    {
        ChaosCommandLine commandLine = new();

        ChaosOptions options = commandLine.Read(commandLine.Parse(
            ["--seed", "7", "--duration", "90s", "--workers", "3", "--slots", "128", "--call-deadline", "1s",
                "--spill", "--kills", "20", "--json"]));

        Assert.Equal(7ul, options.Seed);
        Assert.Equal(TimeSpan.FromSeconds(90), options.Duration);
        Assert.Equal((3, 128), (options.Workers, options.Slots));
        Assert.Equal(TimeSpan.FromSeconds(1), options.CallDeadline);
        Assert.True(options.Json);
        Assert.True(options.Spill);
        Assert.Equal(20, options.Kills);
    }

    [Theory]
    [InlineData("--workers", "0")]
    [InlineData("--slots", "63")]
    [InlineData("--call-deadline", "1ms")]
    [InlineData("--seed", "many")]
    [InlineData("--kills", "-1")]
    [InlineData("--frobnicate")]
    public async Task Usage_errors_end_in_64(params string[] args)
    {
        ProgramRun run = await ProgramRun.StartAsync(["chaos", .. args]);

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains(args[^1], run.Error, StringComparison.Ordinal);
        Assert.Contains("chaos --help", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_names_every_option_and_fits_a_screen()
    {
        ProgramRun help = await ProgramRun.StartAsync("chaos", "--help");

        Assert.Equal(ExitCode.Ok, help.ExitCode);
        Assert.All(
            new ChaosCommandLine().OptionNames, name => Assert.Contains(name, help.Output, StringComparison.Ordinal));
        Assert.All(help.Output.Split('\n'), line => Assert.InRange(line.Length, 0, 120));
    }
}
