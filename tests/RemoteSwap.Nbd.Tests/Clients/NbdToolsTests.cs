using System.Security.Cryptography;
using System.Text.Json;
using RemoteSwap.Nbd.Tests.Processes;
using RemoteSwap.Nbd.Tests.Support;

namespace RemoteSwap.Nbd.Tests.Clients;

/// <summary>nbdinfo and nbdcopy.</summary>
public sealed class NbdToolsTests
{
    private static readonly NbdServerOptions s_named = new() { ExportName = "vm 7/a", Description = "swap of vm7" };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nbdinfo_tells_all_about_the_export(bool isTcp)
    {
        await using TestServer server = new(s_named, isTcp: isTcp);

        using JsonDocument json = JsonDocument.Parse(
            (await Command.RunAsync("nbdinfo", "--json", server.Uri)).Checked());

        JsonElement export = json.RootElement.GetProperty("exports")[0];
        Assert.Equal("newstyle-fixed", json.RootElement.GetProperty("protocol").GetString());
        Assert.True(json.RootElement.GetProperty("structured").GetBoolean());
        Assert.Equal("vm 7/a", export.GetProperty("export-name").GetString());
        Assert.Equal("swap of vm7", export.GetProperty("description").GetString());
        Assert.Equal(TestServer.SizeBytes, export.GetProperty("export-size").GetInt64());
        Assert.Equal("base:allocation", export.GetProperty("contexts")[0].GetString());
        Assert.Equal(512, export.GetProperty("block_size_minimum").GetInt32());
        Assert.Equal(4096, export.GetProperty("block_size_preferred").GetInt32());
        Assert.Equal(32 << 20, export.GetProperty("block_size_maximum").GetInt32());
        Assert.True(export.GetProperty("can_multi_conn").GetBoolean());
    }

    [Fact]
    public async Task Nbdinfo_tells_size_list_and_map()
    {
        await using TestServer server = new(s_named);
        await server.Device.WriteAsync(1 << 20, new byte[1 << 20], CancellationToken.None);

        Assert.Equal("16777216\n", (await Command.RunAsync("nbdinfo", "--size", server.Uri)).Checked());
        Assert.Contains(
            "export=\"vm 7/a\"", (await Command.RunAsync("nbdinfo", "--list", server.Uri)).Checked(),
            StringComparison.Ordinal);
        string[] map = (await Command.RunAsync("nbdinfo", "--map", server.Uri)).Checked()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            ["0 1048576 3 hole,zero", "1048576 1048576 0 data", "2097152 14680064 3 hole,zero"],
            map.Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
    }

    [Theory]
    [InlineData("--can", "connect", 0)]
    [InlineData("--can", "cache", 0)]
    [InlineData("--can", "df", 0)]
    [InlineData("--can", "fast-zero", 0)]
    [InlineData("--can", "flush", 0)]
    [InlineData("--can", "fua", 0)]
    [InlineData("--can", "multi-conn", 0)]
    [InlineData("--can", "structured-reply", 0)]
    [InlineData("--can", "trim", 0)]
    [InlineData("--can", "write", 0)]
    [InlineData("--can", "zero", 0)]
    [InlineData("--is", "read-only", 2)]
    [InlineData("--is", "rotational", 2)]
    [InlineData("--is", "tls", 2)]
    public async Task Nbdinfo_tells_what_it_can(string verb, string what, int exitCode)
    {
        await using TestServer server = new();

        Assert.Equal(exitCode, (await Command.RunAsync("nbdinfo", verb, what, server.Uri)).ExitCode);
    }

    [Theory]
    [InlineData("--connections=1", "--synchronous")]
    [InlineData("--connections=4", "--requests=64")]
    [InlineData("--request-size=33554432", "--flush")]
    public async Task Nbdcopy_copies_both_ways(string one, string another)
    {
        await using TestServer server = new(sizeBytes: 64 << 20);
        string from = Path.Combine(server.Folder, "from");
        string to = Path.Combine(server.Folder, "to");
        byte[] bytes = new byte[64 << 20];
        new Random(1).NextBytes(bytes.AsSpan(8 << 20, 24 << 20));
        new Random(2).NextBytes(bytes.AsSpan(48 << 20, 4096));
        await File.WriteAllBytesAsync(from, bytes);

        (await Command.RunAsync("nbdcopy", one, another, from, server.Uri)).Checked();
        (await Command.RunAsync("nbdcopy", one, another, server.Uri, to)).Checked();

        Assert.Equal(SHA256.HashData(bytes), SHA256.HashData(await File.ReadAllBytesAsync(to)));
    }
}
