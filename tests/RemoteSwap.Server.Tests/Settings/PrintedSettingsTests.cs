using Microsoft.Extensions.Configuration;
using RemoteSwap.Server.Options;

namespace RemoteSwap.Server.Tests.Settings;

/// <summary>What <c>--print-config</c> prints: every setting, its value and where it comes from.</summary>
public sealed class PrintedSettingsTests
{
    [Fact]
    public async Task EverySettingHasAValueAndAnOrigin()
    {
        using SpillFolder folder = new();
        string file = folder.File + ".json";
        await File.WriteAllTextAsync(
            file, """{ "Store": { "AcceptThresholdPercent": 80 }, "Tenants": { "vm7": { "Areas": 3 } } }""");

        string printed = Print($"--config={file}", "--limit=8GiB", "--Tenants:vm7:Limit", "4GiB");

        Assert.Matches(@"(?m)^Store:Limit +8GiB +command line$", printed);
        Assert.Matches($@"(?m)^Store:AcceptThresholdPercent +80 +.*{Path.GetFileName(file)}$", printed);
        Assert.Matches($@"(?m)^Tenants:vm7:Areas +3 +.*{Path.GetFileName(file)}$", printed);
        Assert.Matches(@"(?m)^Tenants:vm7:Limit +4GiB +command line$", printed);
        Assert.Matches(@"(?m)^Tenants:vm7:Shards +4 +default$", printed);
        Assert.Matches(@"(?m)^Server:Listen +127\.0\.0\.1:7420 +default$", printed);
        Assert.Matches(@"(?m)^Spill:Path +"""" +default$", printed);
        Assert.All(printed.Trim().Split('\n'), line => Assert.Matches(@"^\S+:\S+ +\S+ +\S", line));
    }

    [Fact]
    public void DefaultTenantIsPrintedToo() => Assert.Matches(@"(?m)^Tenants:default:Enabled +True +default$", Print());

    private static string Print(params string[] args)
    {
        Assert.True(ServerArguments.TryParse(args, out ServerArguments? arguments, out string error), error);
        using ConfigurationManager configuration = new();
        SettingsLoader.AddSources(configuration, arguments);
        SettingsLoader.Load(configuration, out ServerSettings settings);
        return ConfigurationPrinter.Print(settings, configuration);
    }
}
