using System.CommandLine;
using RemoteSwap.Client;
using RemoteSwap.LoadGen.Options;
using Xunit;

namespace RemoteSwap.LoadGen.Tests.Options;

public sealed class CommandLineTests
{
    [Fact]
    public void No_arguments_mean_the_main_job()
    {
        LoadOptions options = Read();

        Assert.Null(options.Server);
        Assert.Equal(["default"], options.Tenants);
        Assert.Equal(32, options.BatchPages);
        Assert.Equal(["self", "files"], options.Sources.Select(source => source.ToString()), StringComparer.Ordinal);
        Assert.Equal(65_536, options.PagesFor(availableBytes: 64L << 30));
        Assert.Equal(32_768, options.PagesFor(availableBytes: 1L << 30));
        Assert.Null(options.RatePagesPerSecond);
    }

    [Fact]
    public void Every_option_is_read()
    {
        LoadOptions options = Read(
            "--server", "remoteswap://box:7420", "--tenant", "vm1", "--tenant", "vm2", "--area", "3", "--overwrite",
            "--workers", "5", "--batch", "512", "--area-size", "1GiB", "--data", "64MiB", "--read-percent", "70",
            "--distribution", "scan", "--hot-percent", "20", "--source", "files:/etc", "--source", "synthetic:2.5",
            "--source", "pid:77", "--duration", "3m", "--rate", "20000", "--seed", "42", "--allow-refusals", "--json",
            "--quiet", "--no-color");

        Assert.Equal(new Uri("http://box:7420"), options.Server!.Address);
        Assert.Equal(["vm1", "vm2"], options.Tenants);
        Assert.Equal(3u, options.Area);
        Assert.True(options.Overwrite);
        Assert.Equal(5, options.Workers);
        Assert.Equal(512, options.BatchPages);
        Assert.Equal(262_144, options.AreaSlots);
        Assert.Equal(16_384, options.Pages);
        Assert.Equal(70, options.ReadPercent);
        Assert.Equal(DistributionKind.Scan, options.Distribution);
        Assert.Equal(20, options.HotPercent);
        Assert.Equal(
            ["files:/etc", "synthetic:2.5", "pid:77"],
            options.Sources.Select(source => source.ToString()),
            StringComparer.Ordinal);
        Assert.Equal(TimeSpan.FromMinutes(3), options.Duration);
        Assert.Equal(20_000, options.RatePagesPerSecond);
        Assert.Equal(42ul, options.Seed);
        Assert.True(options.AllowRefusals);
        Assert.True(options.Json);
        Assert.True(options.Quiet);
        Assert.True(options.NoColor);
    }

    [Fact]
    public void A_server_over_tls_takes_certificates_and_a_token()
    {
        LoadOptions options = Read(
            "--server", "remoteswaps://box:7420/vm7", "--ca", "ca.pem", "--cert", "vm7.pem", "--key", "vm7.key",
            "--tls-server-name", "pages.example", "--token-file", "vm7.token");
        RemoteSwapClientOptions client = options.ClientOptions(options.Server!.Address, "vm7");

        Assert.Equal(new Uri("https://box:7420"), client.Address);
        Assert.Equal("ca.pem", client.Tls!.CaFile);
        Assert.Equal("vm7.pem", client.Tls.CertificateFile);
        Assert.Equal("vm7.key", client.Tls.KeyFile);
        Assert.Equal("pages.example", client.Tls.ServerName);
        Assert.Equal("vm7.token", client.TokenFile);
    }

    [Theory]
    [InlineData("is for a server over TLS", "--server", "remoteswap://box:7420", "--ca", "ca.pem")]
    [InlineData("is for a server over TLS", "--cert", "vm7.pem")]
    [InlineData("could read the token", "--server", "http://box:7420", "--token-file", "vm7.token")]
    [InlineData("go together", "--server", "https://box:7420", "--key", "vm7.key")]
    public void Credentials_that_would_be_of_no_use_or_travel_in_the_open_are_refused(
        string words, params string[] args) =>
        Assert.Contains(words, string.Join('\n', Errors(args)), StringComparison.Ordinal);

    [Fact]
    public void A_count_takes_the_place_of_the_duration()
    {
        LoadOptions options = Read("--count", "0");

        Assert.Null(options.Duration);
        Assert.Equal(0, options.MixedPages);
    }

    [Fact]
    public void A_server_address_may_name_the_tenant()
    {
        LoadOptions options = Read("--server", "remoteswaps://box:7420/vm%207");

        Assert.Equal(new Uri("https://box:7420"), options.Server!.Address);
        Assert.Equal(["vm 7"], options.Tenants);
    }

    [Theory]
    [InlineData("--batch", "513")]
    [InlineData("--batch", "0")]
    [InlineData("--workers", "many")]
    [InlineData("--data", "4Q")]
    [InlineData("--data", "1KiB")]
    [InlineData("--duration", "10")]
    [InlineData("--rate", "0")]
    [InlineData("--source", "pid:me")]
    [InlineData("--source", "synthetic:0.5")]
    [InlineData("--source", "tape")]
    [InlineData("--distribution", "pareto")]
    [InlineData("--server", "box:7420")]
    [InlineData("--server", "http://box:7420/path")]
    [InlineData("--server", "ftp://box:7420")]
    [InlineData("--hot-percent", "100")]
    [InlineData("--read-percent", "101")]
    [InlineData("--seed", "-1")]
    [InlineData("--tenant", "a/b")]
    [InlineData("--html", "/no/such/directory/report.html")]
    public void A_wrong_value_is_refused_with_the_value_and_the_option(string option, string value)
    {
        string message = string.Join('\n', Errors(option, value));

        Assert.Contains(value, message.Replace("1 KiB", "1KiB"), StringComparison.Ordinal);
        Assert.True(message.Contains(option, StringComparison.Ordinal) || option == "--html", message);
    }

    [Theory]
    [InlineData("--pages", "10", "--data", "1MiB")]
    [InlineData("--duration", "1s", "--count", "5")]
    [InlineData("--server", "http://box:1", "--memory", "1GiB")]
    [InlineData("--area-size", "4KiB", "--pages", "2")]
    public void Options_that_do_not_go_together_are_refused(params string[] args) => Assert.NotEmpty(Errors(args));

    [Theory]
    [InlineData("--no-such-option")]
    [InlineData("stray")]
    public void What_is_no_option_is_refused(string argument) => Assert.NotEmpty(Errors(argument));

    [Fact]
    public void The_help_names_every_option_and_fits_a_screen()
    {
        foreach (string name in new CommandLine().OptionNames)
        {
            Assert.Contains(name, HelpTextAction.Text, StringComparison.Ordinal);
        }

        string[] lines = HelpTextAction.Text.Split('\n');
        Assert.InRange(lines.Length, 20, 50);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 120));
    }

    private static LoadOptions Read(params string[] args)
    {
        CommandLine commandLine = new();
        ParseResult parsed = commandLine.Parse(args);
        Assert.Empty(parsed.Errors);
        List<string> errors = [];
        LoadOptions? options = commandLine.Read(parsed, errors);
        Assert.Empty(errors);
        return options!;
    }

    private static List<string> Errors(params string[] args)
    {
        CommandLine commandLine = new();
        ParseResult parsed = commandLine.Parse(args);
        List<string> errors = [.. parsed.Errors.Select(error => error.Message)];
        if (errors.Count == 0)
        {
            Assert.Null(commandLine.Read(parsed, errors));
        }

        return errors;
    }
}
