using RemoteSwap.Pool;
using Xunit;

namespace RemoteSwap.Store.Tests.Units;

public sealed class SpillFileTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"remoteswap-spill-{Guid.NewGuid():N}");

    [Fact]
    public async Task Images_come_back_as_they_were_written()
    {
        using SpillFile file = new(_path, 1 << 20);
        SpillPlace[] places = [Reserve(file), Reserve(file), Reserve(file)];
        file.DropUser(places[1]);
        SpillPlace[] used = [places[0], places[2]];
        byte[] frames = new byte[2 * FrameArena.FrameBytes];
        byte[] headers = new byte[2 * FrameHeader.Bytes];
        new Random(1).NextBytes(frames);
        new Random(2).NextBytes(headers);
        headers[1] = (byte)FrameKind.Headless;
        headers[FrameHeader.Bytes + 1] = (byte)FrameKind.Headless;

        await file.WriteAsync(used, frames, headers);

        (byte[] first, byte[] firstHeader) = await ReadAsync(file, used[0]);
        (byte[] second, byte[] secondHeader) = await ReadAsync(file, used[1]);
        Assert.Equal(frames[..FrameArena.FrameBytes], first);
        Assert.Equal(headers[..FrameHeader.Bytes], firstHeader);
        Assert.Equal(frames[FrameArena.FrameBytes..], second);
        Assert.Equal(headers[FrameHeader.Bytes..], secondHeader);
    }

    [Fact]
    public async Task A_place_is_used_again_by_a_frame_of_another_kind()
    {
        using PageStore store = new(
            new StoreOptions { LimitBytes = 1 << 20 },
            new Dictionary<string, TenantOptions>(StringComparer.Ordinal) { ["a"] = new() { Shards = 1 } },
            new SpillFile(_path, FrameArena.FrameBytes));
        Tenant tenant = store.Tenants[0];
        foreach (int size in (int[])[4096, 900, 4096])
        {
            byte[] zpage = Rig.Zpages.Make(size, size);
            StorePage page = Rig.Zpages.Page(0, 0, 0, zpage);
            StoreBatch batch = new() { Count = 1, Zpages = Rig.Zpages.Message(zpage) };
            batch.Sizes[0] = size;
            batch.Encodings[0] = page.Encoding;
            batch.ZpageChecksums[0] = page.ZpageChecksum;
            store.Store(tenant, batch);
            Assert.Equal(ReclaimOutcome.Freed, (await store.ReclaimAsync(tenant, 1, 8)).Outcome);

            LoadBatch load = new() { Count = 1 };
            await store.LoadAsync(tenant, load);

            Assert.Equal(LoadOutcome.Loaded, load.Outcomes[0]);
            Assert.Equal(zpage, load.Zpages.ToArray());
            store.Invalidate(tenant, default, default, default);
        }
    }

    [Fact]
    public void A_file_that_is_no_spill_file_is_left_alone()
    {
        File.WriteAllText(_path, "somebody's letter");

        Assert.Throws<IOException>(() => new SpillFile(_path, 1 << 20));
        Assert.Equal("somebody's letter", File.ReadAllText(_path));
    }

    [Theory]
    [InlineData(41)]
    [InlineData(4096)]
    [InlineData(1 << 20)]
    public void A_file_that_only_begins_with_zeroes_is_left_alone(int bytes)
    {
        // As an image of a file system or of a disc does.
        byte[] image = new byte[bytes];
        image[^1] = 7;
        File.WriteAllBytes(_path, image);

        Assert.Throws<IOException>(() => new SpillFile(_path, 1 << 20));
        Assert.Equal(image, File.ReadAllBytes(_path));
        Assert.Throws<IOException>(() => new SpillFile(_path, 1 << 20, _path + ".book"));
        Assert.Equal(image, File.ReadAllBytes(_path));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    public void What_a_server_left_that_was_killed_while_it_made_the_file_is_no_hindrance(int bytes)
    {
        File.WriteAllBytes(_path, new byte[bytes]);

        using SpillFile file = new(_path, 1 << 20);
        Assert.Equal(0, file.UsedBytes);
    }

    [Fact]
    public void Places_are_bounded_and_used_again()
    {
        using SpillFile file = new(_path, 3 * FrameArena.FrameBytes);
        SpillPlace[] places = [Reserve(file), Reserve(file), Reserve(file)];

        Assert.False(file.TryReserve(out _));
        file.AddUser(places[1]);
        file.DropUser(places[1]);
        Assert.False(file.TryReserve(out _));
        file.DropUser(places[1]);

        Assert.True(file.TryReserve(out SpillPlace again));
        Assert.Equal(places[1], again);
        Assert.Equal(3 * FrameArena.FrameBytes, file.UsedBytes);
    }

    [Fact]
    public void The_file_is_its_owners_only_and_gone_at_the_end()
    {
        using (SpillFile file = new(_path, 1 << 20))
        {
            Assert.True(file.LimitBytes > 0);
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_path));
            }
        }

        Assert.False(File.Exists(_path));
    }

    [Fact]
    public async Task A_place_that_was_never_written_is_an_error_not_zeroes()
    {
        using SpillFile file = new(_path, 1 << 20);
        SpillPlace place = Reserve(file);

        await Assert.ThrowsAsync<IOException>(() => ReadAsync(file, place));
    }

    public void Dispose() => File.Delete(_path);

    private static SpillPlace Reserve(SpillFile file)
    {
        Assert.True(file.TryReserve(out SpillPlace place));
        return place;
    }

    private static async Task<(byte[] Frame, byte[] Header)> ReadAsync(SpillFile file, SpillPlace place)
    {
        byte[] frame = new byte[FrameArena.FrameBytes];
        byte[] header = new byte[FrameHeader.Bytes];
        await file.ReadAsync(place, frame, header);
        return (frame, header);
    }
}
