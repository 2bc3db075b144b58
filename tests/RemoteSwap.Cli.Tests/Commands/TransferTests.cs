using Google.Protobuf;
using Grpc.Net.Client;
using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Tests.Support;
using RemoteSwap.Codec;
using RemoteSwap.Server;
using RemoteSwap.V1;
using Xunit;

namespace RemoteSwap.Cli.Tests.Commands;

public sealed class TransferTests(TestServer server) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4_096)]
    [InlineData(1_000_003)]
    public async Task A_file_of_any_size_comes_back_as_it_was(int bytes)
    {
        string file = _folder.Random("in", bytes);
        string[] place = ["-s", server.Of("put"), "--area", $"{bytes % 1_000}", "--at", "5", "--batch", "7"];

        CliRun put = (await CliRun.StartAsync(["put", file, "--json", .. place])).Expect(ExitCode.Ok);
        CliRun get = (await CliRun.StartAsync(
            ["get", _folder.File("out"), "--size", $"{bytes}", "--json", .. place])).Expect(ExitCode.Ok);

        Assert.Equal(await File.ReadAllBytesAsync(file), await File.ReadAllBytesAsync(_folder.File("out")));
        Assert.Equal(("remoteswap.put/1", "remoteswap.get/1"), (put.Schema, get.Schema));
        Assert.All([put, get], run => Assert.Equal((bytes + 4_095) / 4_096, Number(run, "pages")));
        Assert.All([put, get], run => Assert.Equal(bytes, Number(run, "bytes")));
        Assert.Empty(put.Error + get.Error);
    }

    [Fact]
    public async Task Put_says_how_to_get_it_back_and_whole_pages_are_padded_with_zeros()
    {
        byte[] content = "hello"u8.ToArray();
        await File.WriteAllBytesAsync(_folder.File("in"), content);
        string uri = server.Of("there");

        CliRun put = (await CliRun.StartAsync("put", _folder.File("in"), "-s", uri, "--area", "3", "--at", "9"))
            .Expect(ExitCode.Ok);
        CliRun get = (await CliRun.StartAsync(
            "get", _folder.File("out"), "--pages", "1", "-s", uri, "--area", "3", "--at", "9")).Expect(ExitCode.Ok);

        Assert.StartsWith("stored 1 pages", put.Output, StringComparison.Ordinal);
        Assert.Contains($"get FILE --size 5 --at 9 --area 3 -s '{uri}'", put.Error, StringComparison.Ordinal);
        Assert.StartsWith("loaded 1 pages (0 empty)", get.Output, StringComparison.Ordinal);
        byte[] page = await File.ReadAllBytesAsync(_folder.File("out"));
        Assert.Equal([.. content, .. new byte[PageSize.Bytes - content.Length]], page);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.File("out")));
        }
    }

    [Fact]
    public async Task A_full_tenant_is_named_with_its_limit_and_what_to_do()
    {
        // Without a spill file: with one, what is full makes room.
        await using PageServer full = await PageServer.StartAsync(
            ["--listen=127.0.0.1:0", "--management=off", "--Store:FloorPercent=100", "--Tenants:small:Limit=1MiB"]);
        string file = _folder.Random("in", 2 << 20);

        CliRun run = (await CliRun.StartAsync(
            "put", file, "-s", $"remoteswap://{full.GrpcAddress.Authority}/small")).Expect(ExitCode.Failed);

        Assert.Contains("tenant 'small' is at its limit 1MiB (used ", run.Error, StringComparison.Ordinal);
        Assert.Contains("remoteswap tenants set-limit small", run.Error, StringComparison.Ordinal);
        Assert.Contains("[store outcome TenantLimit]", run.Error, StringComparison.Ordinal);
        Assert.Matches(@"\d+ of 512 pages are stored", run.Error);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task An_empty_slot_is_a_failure_that_leaves_no_file_unless_zeros_will_do()
    {
        string[] args = ["get", _folder.File("out"), "--pages", "3", "-s", server.Of("holes")];

        CliRun refused = (await CliRun.StartAsync(args)).Expect(ExitCode.Failed);
        Assert.Contains("slot 0 of area 0 of tenant 'holes' is empty", refused.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Root));

        CliRun allowed = (await CliRun.StartAsync([.. args, "--allow-empty", "--json"])).Expect(ExitCode.Ok);
        Assert.Equal(3, Number(allowed, "empty_pages"));
        Assert.Equal(new byte[3 * PageSize.Bytes], await File.ReadAllBytesAsync(_folder.File("out")));
    }

    [Fact]
    public async Task A_page_that_does_not_verify_ends_in_3_and_leaves_no_file()
    {
        // A well-formed zpage without a page checksum: the server takes it, and whoever loads it must refuse it.
        byte[] page = new byte[PageSize.Bytes];
        new Random(3).NextBytes(page);
        StoreRequest request = new()
        {
            Tenant = "wrong",
            Slots = { 0 },
            Sizes = { PageSize.Bytes },
            Encodings = { Encoding.Raw },
            ZpageChecksums = { System.IO.Hashing.Crc32.HashToUInt32(page) },
            Zpages = ByteString.CopyFrom(page),
        };
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);
        StoreResponse stored = await new PageStoreService.PageStoreServiceClient(channel).StoreAsync(request);
        Assert.Equal([StoreOutcome.Stored], stored.Outcomes);

        CliRun run = (await CliRun.StartAsync("get", _folder.File("out"), "--pages", "1", "-s", server.Of("wrong")))
            .Expect(ExitCode.VerificationFailed);

        Assert.Contains("[load outcome Corrupt]", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Root));
    }

    [Fact]
    public async Task A_file_is_replaced_only_when_asked()
    {
        string file = _folder.Random("in", 10);
        await CliRun.StartAsync("put", file, "-s", server.Of("shape"));
        await File.WriteAllTextAsync(_folder.File("out"), "precious");
        string[] args = ["get", _folder.File("out"), "--size", "10", "-s", server.Of("shape")];

        CliRun kept = (await CliRun.StartAsync(args)).Expect(ExitCode.Failed);
        Assert.Contains("--force", kept.Error, StringComparison.Ordinal);
        Assert.Equal("precious", await File.ReadAllTextAsync(_folder.File("out")));

        (await CliRun.StartAsync([.. args, "--force"])).Expect(ExitCode.Ok);
        Assert.Equal(await File.ReadAllBytesAsync(file), await File.ReadAllBytesAsync(_folder.File("out")));

        CliRun device = (await CliRun.StartAsync("get", "/dev/null", "--size", "10", "--force"))
            .Expect(ExitCode.Failed);
        Assert.Contains("'/dev/null' is no regular file", device.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_put_that_is_stopped_says_how_far_it_came()
    {
        string file = _folder.Random("in", 1 << 20);
        using CancellationTokenSource stop = new();
        await stop.CancelAsync();

        CliRun run = (await CliRun.StartAsync(["put", file, "-s", server.Of("stopped")], around => around, stop.Token))
            .Expect(ExitCode.Interrupted);

        Assert.Contains("0 of 256 pages are stored and stay", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Progress_on_a_terminal_is_one_line_that_goes_away()
    {
        string file = _folder.Random("in", 8 << 20);

        CliRun run = (await CliRun.StartAsync(
            ["put", file, "--batch", "1", "--parallel", "1", "-s", server.Of("shape"), "--area", "1"],
            around => around with { IsErrorTerminal = true })).Expect(ExitCode.Ok);

        Assert.DoesNotContain("\n", run.Error[..run.Error.LastIndexOf('\r')], StringComparison.Ordinal);
        Assert.Contains("\r\u001b[K", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("put", "/no/such/file")]
    [InlineData("put", "/tmp")]
    [InlineData("put", "/dev/zero")]
    [InlineData("put", "/proc/self/limits")]
    [InlineData("get", "/no/such/folder/file", "--size", "10")]
    public async Task A_file_that_can_not_be_had_is_named(params string[] args)
    {
        CliRun run = (await CliRun.StartAsync([.. args, "-s", server.Of("there")])).Expect(ExitCode.Failed);

        Assert.Contains(args[1], run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    private static long Number(CliRun run, string name) => run.Json.GetProperty(name).GetInt64();
}
