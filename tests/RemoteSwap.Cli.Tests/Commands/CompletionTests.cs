using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Tests.Support;
using Xunit;

namespace RemoteSwap.Cli.Tests.Commands;

public sealed class CompletionTests
{
    [Theory]
    [InlineData("remoteswap sta", "stat")]
    [InlineData("remoteswap ", "invalidate")]
    [InlineData("remoteswap stat --wa", "--watch")]
    [InlineData("remoteswap stat --field dens", "density")]
    [InlineData("remoteswap completion ", "fish")]
    [InlineData("remoteswap tenants set", "set-limit")]
    [InlineData("remoteswap tenants enable a --js", "--json")]
    public async Task Words_that_may_come_next_are_told(string line, string word)
    {
        CliRun run = (await CliRun.StartAsync("__complete", line)).Expect(ExitCode.Ok);

        Assert.Contains(word, run.Output.Split('\n'));
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _remoteswap remoteswap")]
    [InlineData("zsh", "#compdef remoteswap")]
    [InlineData("fish", "complete -c remoteswap")]
    public async Task Scripts_ask_the_tool(string shell, string line)
    {
        CliRun run = (await CliRun.StartAsync("completion", shell)).Expect(ExitCode.Ok);

        Assert.Contains(line, run.Output, StringComparison.Ordinal);
        Assert.Contains("remoteswap __complete", run.Output, StringComparison.Ordinal);
    }
}
