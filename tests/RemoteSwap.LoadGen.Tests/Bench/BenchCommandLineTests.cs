using System.CommandLine;
using RemoteSwap.LoadGen.Bench.Options;
using Xunit;

namespace RemoteSwap.LoadGen.Tests.Bench;

public sealed class BenchCommandLineTests
{
    [Fact]
    public void No_arguments_mean_the_headline_next_to_the_peers_that_have_goals()
    {
        BenchOptions options = Read();

        Assert.Equal([BenchSet.Headline], options.Sets);
        Assert.Equal([PeerKind.Redis, PeerKind.Garnet], options.Against);
        Assert.Equal(5, options.Rounds);
        Assert.Equal(TimeSpan.FromSeconds(1.5), options.LegTime);
        Assert.Equal(1L << 30, options.WorkingSetBytes);
        Assert.Equal(524_288, options.Zpages);
        Assert.Equal(262_144, options.RawPages);
        Assert.False(options.Quick);
        Assert.Null(options.JsonPath);
        Assert.Null(options.HtmlPath);
    }

    [Fact]
    public void Every_option_is_read()
    {
        BenchOptions options = Read(
            "shapes", "growth", "--quick", "--repeat", "7", "--seconds", "0.5", "--working-set", "64MiB", "--against",
            "nbdkit,memcached", "--json", "-", "--html", "report.html");

        Assert.Equal([BenchSet.Shapes, BenchSet.Growth], options.Sets);
        Assert.True(options.Quick);
        Assert.Equal(7, options.Rounds);
        Assert.Equal(TimeSpan.FromSeconds(0.5), options.LegTime);
        Assert.Equal(64L << 20, options.WorkingSetBytes);
        Assert.Equal([PeerKind.Nbdkit, PeerKind.Memcached], options.Against);
        Assert.Equal(BenchOptions.ToOutput, options.JsonPath);
        Assert.Equal("report.html", options.HtmlPath);
    }

    [Fact]
    public void All_means_each_set_once() =>
        Assert.Equal(Enum.GetValues<BenchSet>(), Read("steady", "all").Sets.Order());

    [Fact]
    public void A_trial_is_small_but_may_be_made_larger()
    {
        Assert.InRange(Read("--quick").WorkingSetBytes, 1, 64L << 20);
        Assert.Equal(1L << 30, Read("--quick", "--working-set", "1GiB").WorkingSetBytes);
    }

    [Fact]
    public void None_means_no_peer() => Assert.Empty(Read("--against", "none").Against);

    [Theory]
    [InlineData("--repeat", "0")]
    [InlineData("--repeat", "many")]
    [InlineData("--seconds", "0")]
    [InlineData("--seconds", "1h")]
    [InlineData("--against", "redis,oracle")]
    [InlineData("--against", "0")]
    [InlineData("--working-set", "big")]
    [InlineData("--working-set", "1MiB")]
    [InlineData("--json", "/no/such/directory/bench.json")]
    [InlineData("quickly", "1")]
    public void A_wrong_value_is_refused_and_echoed(string option, string value)
    {
        string message = string.Join('\n', Errors(option, value)).Replace("1 MiB", "1MiB", StringComparison.Ordinal);

        Assert.Contains(option == "quickly" ? option : value, message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_help_names_every_option_set_and_peer_and_fits_a_screen()
    {
        string[] names =
        [
            .. new BenchCommandLine().OptionNames,
            .. Enum.GetNames<BenchSet>().Select(name => name.ToLowerInvariant()),
            .. Enum.GetNames<PeerKind>().Select(name => name.ToLowerInvariant()),
        ];

        Assert.All(names, name => Assert.Contains(name, BenchHelpAction.Text, StringComparison.Ordinal));
        string[] lines = BenchHelpAction.Text.Split('\n');
        Assert.InRange(lines.Length, 20, 50);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 120));
    }

    private static BenchOptions Read(params string[] args)
    {
        BenchCommandLine commandLine = new();
        ParseResult parsed = commandLine.Parse(args);
        Assert.Empty(parsed.Errors);
        List<string> errors = [];
        BenchOptions? options = commandLine.Read(parsed, errors);
        Assert.Empty(errors);
        return options!;
    }

    private static List<string> Errors(params string[] args)
    {
        BenchCommandLine commandLine = new();
        ParseResult parsed = commandLine.Parse(args);
        List<string> errors = [.. parsed.Errors.Select(error => error.Message)];
        if (errors.Count == 0)
        {
            Assert.Null(commandLine.Read(parsed, errors));
        }

        return errors;
    }
}
