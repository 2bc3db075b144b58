using System.Security.Cryptography;
using RemoteSwap.Client;
using RemoteSwap.Codec;
using RemoteSwap.LoadGen.Bench.Sets;

namespace RemoteSwap.EndToEnd.Tests.Privacy;

/// <summary>
/// Pages with a mark go to a server and back, while all that passes on the wire is looked at, and then all memory of
/// the server: with TLS and sealing the mark is in neither; without them it is found, so the search is worth something.
/// </summary>
public sealed class PlaintextTests(ITestOutputHelper output) : IDisposable
{
    private const string Tenant = "default";
    private const int Pages = 512;
    private const int BatchPages = 32;
    private const int MarkBytes = 24;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("remoteswap-plaintext-");
    private readonly byte[] _mark = RandomNumberGenerator.GetBytes(MarkBytes);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_capture_of_the_wire_and_a_dump_of_the_server_hold_no_page()
    {
        (long onWire, long inMemory) = await RunAsync(hasTls: true, isSealed: true);

        Assert.Equal(0, onWire);
        Assert.Equal(0, inMemory);
    }

    [Fact]
    public async Task The_search_finds_pages_where_nothing_protects_them()
    {
        (long onWire, long inMemory) = await RunAsync(hasTls: false, isSealed: false);

        // Each page went there and came back, and lies in a frame.
        Assert.InRange(onWire, 2 * Pages, long.MaxValue);
        Assert.InRange(inMemory, Pages, long.MaxValue);
    }

    [Fact]
    public async Task Tls_alone_hides_the_wire_and_not_the_servers_memory()
    {
        (long onWire, long inMemory) = await RunAsync(hasTls: true, isSealed: false);

        Assert.Equal(0, onWire);
        Assert.InRange(inMemory, Pages, long.MaxValue);
    }

    [Fact]
    public async Task Sealing_alone_hides_both()
    {
        (long onWire, long inMemory) = await RunAsync(hasTls: false, isSealed: true);

        Assert.Equal(0, onWire);
        Assert.Equal(0, inMemory);
    }

    private async Task<(long OnWire, long InMemory)> RunAsync(bool hasTls, bool isSealed)
    {
        string[] security = hasTls ? BenchCertificates.Make(_folder.FullName, Tenant).ServerSettings : [];
        await using ServerProcess server = await ServerProcess.StartAsync(
            ["--limit=64MiB", "--Process:CoreDumps=true", .. security]);
        await using WireTap tap = new(server.Address.Port, _mark);
        await using (RemoteSwapConnection connection = RemoteSwapConnection.Open(new RemoteSwapClientOptions
        {
            Address = new Uri($"{(hasTls ? "https" : "http")}://127.0.0.1:{tap.Port}"),
            Tenant = Tenant,
            Tls = hasTls ? Credentials() : null,
            Seal = isSealed ? SealKey.Make(_folder.FullName) : null,
        }))
        {
            await using AttachedArea area = (await connection.AttachAsync(0)).Area!;
            await ThereAndBackAsync(area.Pages);
            (long inMemory, long bytes) = MemoryDump.Search(server.Id, _mark);
            output.WriteLine(
                $"tls {hasTls}, sealed {isSealed}: {tap.Found} in {tap.Bytes} bytes on the wire, "
                + $"{inMemory} in {bytes} of memory");
            Assert.InRange(bytes, 1 << 20, long.MaxValue);
            Assert.InRange(tap.Bytes, Pages * PageSize.Bytes / 4, long.MaxValue);
            return (tap.Found, inMemory);
        }
    }

    private async Task ThereAndBackAsync(SwapArea area)
    {
        for (int first = 0; first < Pages; first += BatchPages)
        {
            ulong[] slots = [.. Enumerable.Range(first, BatchPages).Select(slot => (ulong)slot)];
            byte[] pages = [.. slots.SelectMany(slot => PageOf((int)slot))];
            Assert.All(await area.StoreAsync(slots, pages), outcome => Assert.Equal(StoreOutcome.Stored, outcome));
            byte[] back = new byte[pages.Length];
            Assert.All(await area.LoadAsync(slots, back), outcome => Assert.Equal(LoadOutcome.Loaded, outcome));
            Assert.Equal(pages, back);
        }
    }

    // Half of them compress, the others are stored as they are; each has the mark, once, as itself.
    private byte[] PageOf(int slot)
    {
        byte[] page = new byte[PageSize.Bytes];
        new Random(slot).NextBytes(page.AsSpan(0, slot % 2 == 0 ? PageSize.Bytes : PageSize.Bytes / 3));
        _mark.CopyTo(page, 100 + slot);
        return page;
    }

    private TlsOptions Credentials() => new()
    {
        CaFile = InFolder("ca.pem"),
        CertificateFile = InFolder("client.pem"),
        KeyFile = InFolder("client.key"),
    };

    private string InFolder(string name) => Path.Combine(_folder.FullName, name);
}
