using System.Text.Json;
using RemoteSwap.Nbd.Tests.Processes;
using RemoteSwap.Nbd.Tests.Support;

namespace RemoteSwap.Nbd.Tests.Clients;

/// <summary>qemu-img and qemu-io.</summary>
public sealed class QemuTests
{
    [Fact]
    public async Task Qemu_img_tells_size_and_map()
    {
        await using TestServer server = new();
        await server.Device.WriteAsync(1 << 20, new byte[1 << 20], CancellationToken.None);

        using JsonDocument info = JsonDocument.Parse(
            (await Command.RunAsync("qemu-img", "info", "--output=json", server.Uri)).Checked());
        using JsonDocument map = JsonDocument.Parse(
            (await Command.RunAsync("qemu-img", "map", "--output=json", server.Uri)).Checked());

        Assert.Equal(TestServer.SizeBytes, info.RootElement.GetProperty("virtual-size").GetInt64());
        Assert.Equal(
            [(0L, false), (1 << 20, true), (2 << 20, false)],
            map.RootElement.EnumerateArray().Select(extent =>
                (extent.GetProperty("start").GetInt64(), extent.GetProperty("data").GetBoolean())));
    }

    [Fact]
    public async Task Qemu_img_converts_both_ways()
    {
        await using TestServer server = new();
        string from = Path.Combine(server.Folder, "from");
        string to = Path.Combine(server.Folder, "to");
        byte[] bytes = new byte[TestServer.SizeBytes];
        new Random(3).NextBytes(bytes.AsSpan(1 << 20, 5 << 20));
        await File.WriteAllBytesAsync(from, bytes);

        (await Command.RunAsync("qemu-img", "convert", "-n", "-f", "raw", "-O", "raw", from, server.Uri)).Checked();
        (await Command.RunAsync("qemu-img", "convert", "-f", "raw", "-O", "raw", server.Uri, to)).Checked();
        (await Command.RunAsync("qemu-img", "compare", "-f", "raw", "-F", "raw", from, server.Uri)).Checked();

        Assert.Equal(bytes, await File.ReadAllBytesAsync(to));
    }

    [Fact]
    public async Task Qemu_io_writes_reads_zeroes_and_discards()
    {
        await using TestServer server = new();

        string output = (await Command.RunAsync(
            "qemu-io", "-f", "raw",
            "-c", "write -P 0x5a 1M 1M", "-c", "read -P 0x5a 1M 1M", "-c", "write -f -P 0x11 0 4k",
            "-c", "write -z 1M 64k", "-c", "read -P 0 1M 64k", "-c", "write -z -u 1M 64k", "-c", "flush",
            "-c", "aio_write -P 7 512 512", "-c", "aio_flush", "-c", "read -P 7 512 512",
            "-c", "discard 0 1M", "-c", "read 0 1M",
            server.Uri)).Checked();

        Assert.DoesNotContain("failed", output, StringComparison.Ordinal);
        Assert.Contains("trim 0+1048576", server.Device.Calls);
        Assert.Contains("zero 1048576+65536 keep", server.Device.Calls);
        Assert.Contains("zero 1048576+65536", server.Device.Calls);
    }
}
