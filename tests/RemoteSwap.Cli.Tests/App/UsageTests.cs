using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Tests.Support;
using Xunit;

namespace RemoteSwap.Cli.Tests.App;

public sealed class UsageTests(TestServer server)
{
    [Theory]
    [InlineData("name a command")]
    [InlineData("'frobnicate'", "frobnicate")]
    [InlineData("'--frobnicate'", "ping", "--frobnicate")]
    [InlineData("-n 'x': give a number from 0 to", "ping", "-n", "x")]
    [InlineData("--interval '3': give a time such as", "ping", "--interval", "3")]
    [InlineData("--timeout 'soon'", "stat", "--timeout", "soon")]
    [InlineData("--server 'http://a:1' has the scheme 'http'", "stat", "-s", "http://a:1")]
    [InlineData("names a user", "stat", "-s", "remoteswaps://me@a/b")]
    [InlineData("--area '-1'", "get", "f", "--size", "1", "--area", "-1")]
    [InlineData("--size 'much'", "get", "f", "--size", "much")]
    [InlineData("--size, or a number of pages", "get", "f")]
    [InlineData("--size, or a number of pages", "get", "f", "--size", "1", "--pages", "1")]
    [InlineData("--batch '513'", "put", "f", "--batch", "513")]
    [InlineData("'5-': give a slot", "invalidate", "5-")]
    [InlineData("give slots", "invalidate")]
    [InlineData("not both", "invalidate", "5", "--all")]
    [InlineData("--frames 1000", "reclaim")]
    [InlineData("--frames '0'", "reclaim", "--frames", "0")]
    [InlineData("--field 'x': give one of enabled", "stat", "--field", "x")]
    [InlineData("--count goes with --watch", "stat", "--count", "3")]
    [InlineData("--watch '0'", "stat", "--watch", "0")]
    [InlineData("one of them", "stat", "--json", "--field", "density")]
    [InlineData("SHELL 'tcsh': give bash, zsh, fish", "completion", "tcsh")]
    [InlineData("--json means nothing here", "completion", "bash", "--json")]
    [InlineData("--area means nothing here", "ping", "--area", "1")]
    [InlineData("SIZE 'big'", "tenants", "set-limit", "a", "big")]
    [InlineData("--timeout '2h': give a time such as 250ms or 10s, from 1ms to 1h", "ping", "--timeout", "2h")]
    [InlineData("Tenant ' '", "reclaim", " ", "--frames", "1")]
    public async Task A_wrong_line_ends_in_64_and_is_told_what_is_allowed(string message, params string[] args)
    {
        CliRun run = (await CliRun.StartAsync(args)).Expect(ExitCode.Usage);

        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.Contains("--help", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task The_server_may_come_from_the_environment_and_the_line_wins()
    {
        CliRun environment = await CliRun.StartAsync(["ping"], around => Named(around, server.Of("ping")));
        CliRun line = await CliRun.StartAsync(
            ["ping", "-s", server.Of("ping")], around => Named(around, "remoteswap://127.0.0.1:1"));
        CliRun wrong = await CliRun.StartAsync(["ping"], around => Named(around, "remoteswaps://me@a"));

        environment.Expect(ExitCode.Ok);
        line.Expect(ExitCode.Ok);
        Assert.Contains("REMOTESWAP_URI 'remoteswaps://me@a' names a user", wrong.Error, StringComparison.Ordinal);
        wrong.Expect(ExitCode.Usage);
    }

    [Fact]
    public async Task Shared_options_may_stand_before_the_command() =>
        (await CliRun.StartAsync("-s", server.Of("ping"), "--json", "ping")).Expect(ExitCode.Ok);

    private static Surroundings Named(Surroundings around, string uri) =>
        around with { Variable = name => name == "REMOTESWAP_URI" ? uri : null };
}
