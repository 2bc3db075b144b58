using System.Security.Cryptography;
using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Tests.Support;
using Xunit;

namespace RemoteSwap.Cli.Tests.Commands;

public sealed class SealTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestServer _server;

    public SealTests(TestServer server)
    {
        _server = server;
        NewKey("key");
        NewKey("other");
    }

    private string[] Key => ["--seal-key", _folder.File("key")];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(700, "sealed")]
    [InlineData(701, "clear")]
    public async Task A_file_comes_back_with_its_key_and_not_without(int area, string fill)
    {
        string file = _folder.Random("in", 1_000_003);
        string[] place = ["-s", _server.Of("put"), "--area", $"{area}"];
        string[] get = ["get", _folder.File("out"), "--size", "1000003", "--force", .. place];
        (await CliRun.StartAsync(["put", file, .. place, .. Key, "--seal-fill", fill])).Expect(ExitCode.Ok);

        (await CliRun.StartAsync([.. get, .. Key, "--seal-fill", fill])).Expect(ExitCode.Ok);
        Assert.Equal(await File.ReadAllBytesAsync(file), await File.ReadAllBytesAsync(_folder.File("out")));

        CliRun without = (await CliRun.StartAsync(get)).Expect(ExitCode.VerificationFailed);
        Assert.Contains("sealed page without its key", without.Error, StringComparison.Ordinal);
        CliRun other = (await CliRun.StartAsync([.. get, "--seal-key", _folder.File("other")]))
            .Expect(ExitCode.Failed);
        Assert.Contains("there is no key ring", other.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File("other") + ".rings"));
    }

    [Fact]
    public async Task A_ring_is_rotated_wrapped_anew_and_erased()
    {
        string file = _folder.Random("in", 100_000);
        string[] place = ["-s", _server.Of("put"), "--area", "702"];
        string[] get = ["get", _folder.File("out"), "--size", "100000", "--force", .. place];
        (await CliRun.StartAsync(["put", file, .. place, .. Key])).Expect(ExitCode.Ok);

        CliRun rotated = (await CliRun.StartAsync(["seal", "rotate", "--json", .. place, .. Key])).Expect(ExitCode.Ok);
        Assert.Equal("remoteswap.seal/1", rotated.Schema);
        Assert.Equal(2, rotated.Json.GetProperty("current").GetInt32());
        (await CliRun.StartAsync([.. get, .. Key])).Expect(ExitCode.Ok);

        (await CliRun.StartAsync(["seal", "rewrap", .. place, .. Key, "--new-key", _folder.File("other")]))
            .Expect(ExitCode.Ok);
        CliRun former = (await CliRun.StartAsync([.. get, .. Key])).Expect(ExitCode.Failed);
        Assert.Contains("another user key", former.Error, StringComparison.Ordinal);
        string[] next =
            ["--seal-key", _folder.File("other"), "--seal-rings", _folder.File("key") + ".rings"];
        (await CliRun.StartAsync([.. get, .. next])).Expect(ExitCode.Ok);
        Assert.Equal(await File.ReadAllBytesAsync(file), await File.ReadAllBytesAsync(_folder.File("out")));

        string[] rings = next[2..];
        string ring = Assert.Single(Directory.GetFiles(rings[1], "*.ring"));
        CliRun named = (await CliRun.StartAsync(["seal", "shred", .. place, .. rings])).Expect(ExitCode.Usage);
        Assert.Contains(ring, named.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(ring));
        (await CliRun.StartAsync(["seal", "shred", "--yes", .. place])).Expect(ExitCode.Usage);
        (await CliRun.StartAsync(["seal", "shred", "--yes", .. place, .. rings])).Expect(ExitCode.Ok);
        (await CliRun.StartAsync(["seal", "shred", "--yes", .. place, .. rings])).Expect(ExitCode.Failed);
        (await CliRun.StartAsync([.. get, .. next])).Expect(ExitCode.Failed);
        (await CliRun.StartAsync(["seal", .. place, .. next])).Expect(ExitCode.Failed);
        Assert.Equal([ring + ".lock"], Directory.GetFiles(rings[1]));
    }

    [Fact]
    public async Task Keys_that_can_not_be_used_are_named()
    {
        string[] seal = ["seal", "-s", _server.Of("put"), "--area", "703"];
        (await CliRun.StartAsync(
            ["put", _folder.Random("page", 10), .. seal[1..], "--seal-key", _folder.File("other")]))
            .Expect(ExitCode.Ok);
        SetMode("other", UnixFileMode.UserRead | UnixFileMode.GroupRead);
        CliRun open = (await CliRun.StartAsync([.. seal, "--seal-key", _folder.File("other")])).Expect(ExitCode.Failed);
        Assert.Contains("chmod 600", open.Error, StringComparison.Ordinal);
        (await CliRun.StartAsync(seal)).Expect(ExitCode.Usage);
        (await CliRun.StartAsync([.. seal, .. Key, "--seal-command", "/bin/true"])).Expect(ExitCode.Usage);
        (await CliRun.StartAsync([.. seal, "--seal-fill", "maybe"])).Expect(ExitCode.Usage);
        CliRun both = (await CliRun.StartAsync(
            ["put", _folder.Random("in", 10), "-s", _server.Of("put"), .. Key, "--seal-command", "x"]))
            .Expect(ExitCode.Usage);
        Assert.Contains("KeyCommand", both.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_keeps_sealed_pages_over_its_crash_and_its_end_with_detach_erases_the_ring()
    {
        const int Page = 4096;
        string here = _folder.File("here");
        string[] options = ["--area", "704", "--size", "1MiB", .. Key];
        byte[] noise = RandomNumberGenerator.GetBytes(64 * Page);
        DeviceProcess device = await DeviceProcess.StartAsync(_server.Of("put"), here, options);
        try
        {
            using (PlainNbd client = device.Connect())
            {
                for (int page = 0; page < 64; page++)
                {
                    Assert.Equal(0, client.TryWriteAt(page * Page, noise[(page * Page)..((page + 1) * Page)]));
                }
            }

            await device.KillAsync();
            device.Dispose();
            device = await DeviceProcess.StartAsync(_server.Of("put"), here, [.. options, "--detach"]);
            using (PlainNbd client = device.Connect())
            {
                for (int page = 0; page < 64; page++)
                {
                    Assert.Equal(noise[(page * Page)..((page + 1) * Page)], client.ReadAt(page * Page, Page));
                }
            }

            string ring = Assert.Single(Directory.GetFiles(_folder.File("key") + ".rings", "*.ring"));
            (await device.StopAsync()).Expect(ExitCode.Ok);
            Assert.Equal([ring + ".lock"], Directory.GetFiles(_folder.File("key") + ".rings"));
        }
        finally
        {
            device.Dispose();
        }
    }

    private void NewKey(string name)
    {
        File.WriteAllBytes(_folder.File(name), RandomNumberGenerator.GetBytes(32));
        SetMode(name, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private void SetMode(string name, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder.File(name), mode);
        }
    }
}
