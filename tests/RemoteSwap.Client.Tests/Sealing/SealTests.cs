using RemoteSwap.Client.Sealing;
using RemoteSwap.Codec;
using Xunit;

namespace RemoteSwap.Client.Tests.Sealing;

/// <summary>What is sealed opens for who has the ring, as it was, and nothing else does.</summary>
public sealed class SealTests : IDisposable
{
    private const int Steps = 300;
    private const int Seeds = 40;
    private readonly SealFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Any_life_opens_what_any_other_has_sealed_and_nothing_that_was_changed() =>
        Assert.True(Run(first: 1, Seeds) > Seeds * 20);

    [Theory]
    [InlineData(1)]
    [InlineData(700)]
    [InlineData(PageSize.Bytes)]
    public void Every_single_bit_counts(int length)
    {
        using AreaSealer sealer = Sealer();
        byte[] zpage = new byte[length + ZpageLimits.SealBytes];
        byte[] plain = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 7))];
        plain.CopyTo(zpage, 0);
        int size = sealer.Seal(9, 77, ZpageEncoding.Raw, zpage, length, out uint checksum);
        Assert.Equal(zpage.Length, size);
        byte[] opened = new byte[length];
        Assert.True(sealer.TryOpen(9, 77, zpage, checksum, opened));
        Assert.Equal(plain, opened);
        Assert.False(zpage.AsSpan(0, length).SequenceEqual(plain));

        for (int bit = 0; bit < zpage.Length * 8; bit += length > 1000 && bit < length * 8 ? 61 : 1)
        {
            zpage[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(sealer.TryOpen(9, 77, zpage, checksum, opened), $"bit {bit}");
            Assert.Equal(new byte[length], opened);
            zpage[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        for (int bit = 0; bit < 32; bit++)
        {
            Assert.False(sealer.TryOpen(9, 77, zpage, checksum ^ (1u << bit), opened));
        }

        for (int bit = 0; bit < 64; bit++)
        {
            Assert.False(sealer.TryOpen(9 ^ (1UL << bit), 77, zpage, checksum, opened));
            Assert.False(sealer.TryOpen(9, 77 ^ (1UL << bit), zpage, checksum, opened));
        }
    }

    [Fact]
    public void Bytes_that_were_cut_off_or_added_do_not_open()
    {
        using AreaSealer sealer = Sealer();
        byte[] zpage = new byte[100 + ZpageLimits.SealBytes];
        sealer.Seal(9, 77, ZpageEncoding.Lz4, zpage, 100, out uint checksum);

        Assert.False(sealer.TryOpen(9, 77, zpage.AsSpan(1), checksum, new byte[99]));
        Assert.False(sealer.TryOpen(9, 77, (byte[])[0, .. zpage], checksum, new byte[101]));
    }

    [Fact]
    public void A_tenant_can_not_open_anothers_page_with_the_same_ring()
    {
        using AreaSealer sealer = Sealer();
        using AreaSealer other = new(sealer.Ring, "vm8", 3, SealFill.Sealed);
        byte[] zpage = new byte[100 + ZpageLimits.SealBytes];
        sealer.Seal(9, 77, ZpageEncoding.Lz4, zpage, 100, out uint checksum);

        Assert.True(sealer.TryOpen(9, 77, zpage, checksum, new byte[100]));
        Assert.False(other.TryOpen(9, 77, zpage, checksum, new byte[100]));
    }

    [Fact]
    public void A_life_ends_before_its_key_has_sealed_too_much()
    {
        using AreaSealer sealer = Sealer();
        byte[] first = new byte[100 + ZpageLimits.SealBytes];
        byte[] late = new byte[100 + ZpageLimits.SealBytes];
        byte[] next = new byte[100 + ZpageLimits.SealBytes];
        ulong begin = 1UL << 50;
        sealer.Seal(9, begin, ZpageEncoding.Lz4, first, 100, out uint firstChecksum);
        sealer.Seal(9, begin - 5, ZpageEncoding.Lz4, late, 100, out _);
        sealer.Seal(9, begin + (1UL << 36), ZpageEncoding.Lz4, next, 100, out uint nextChecksum);

        Assert.Equal(SaltOf(first), SaltOf(late));
        Assert.NotEqual(SaltOf(first), SaltOf(next));
        Assert.True(sealer.TryOpen(9, begin, first, firstChecksum, new byte[100]));
        Assert.True(sealer.TryOpen(9, begin + (1UL << 36), next, nextChecksum, new byte[100]));
    }

    [Fact]
    public void More_lives_than_are_kept_can_be_read_also_after_salts_that_are_made_up()
    {
        List<(byte[] Zpage, uint Checksum)> pages = [];
        for (int life = 0; life < 150; life++)
        {
            using AreaSealer sealer = Sealer();
            byte[] zpage = new byte[100 + ZpageLimits.SealBytes];
            sealer.Seal((ulong)life, 77, ZpageEncoding.Lz4, zpage, 100, out uint checksum);
            pages.Add((zpage, checksum));
        }

        using AreaSealer reader = Sealer();
        for (int pass = 0; pass < 2; pass++)
        {
            for (int life = 0; life < pages.Count; life++)
            {
                byte[] forged = [.. pages[life].Zpage];
                forged[^20] ^= 1;
                Assert.False(reader.TryOpen((ulong)life, 77, forged, pages[life].Checksum, new byte[100]));
                Assert.True(reader.TryOpen((ulong)life, 77, pages[life].Zpage, pages[life].Checksum, new byte[100]));
            }
        }
    }

    [Fact]
    public void Threads_seal_and_open_at_the_same_time_and_nothing_is_allocated_for_a_page()
    {
        using AreaSealer sealer = Sealer();
        long generation = 0;
        HashSet<string> salts = [];
        Parallel.For(0, 8, thread =>
        {
            byte[] zpage = new byte[2000 + ZpageLimits.SealBytes];
            byte[] opened = new byte[2000];
            for (int i = 0; i < 2000; i++)
            {
                ulong own = (ulong)Interlocked.Increment(ref generation);
                zpage.AsSpan().Fill((byte)own);
                sealer.Seal(own, own, ZpageEncoding.Lz4, zpage, 2000, out uint checksum);
                Assert.True(sealer.TryOpen(own, own, zpage, checksum, opened));
                Assert.False(opened.AsSpan().ContainsAnyExcept((byte)own));
            }

            lock (salts)
            {
                salts.Add(SaltOf(zpage));
            }
        });
        Assert.Single(salts);

        byte[] last = new byte[2000 + ZpageLimits.SealBytes];
        byte[] page = new byte[2000];
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (ulong i = 0; i < 100; i++)
        {
            sealer.Seal(i, 100_000 + i, ZpageEncoding.Lz4, last, 2000, out uint checksum);
            sealer.TryOpen(i, 100_000 + i, last, checksum, page);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Where_keys_are_forgotten_nothing_is_sealed_or_opened_any_more()
    {
        AreaSealer sealer = Sealer();
        byte[] zpage = new byte[100 + ZpageLimits.SealBytes];
        sealer.Seal(9, 77, ZpageEncoding.Lz4, zpage, 100, out uint checksum);
        sealer.Dispose();

        Assert.Throws<ObjectDisposedException>(() => sealer.Seal(9, 78, ZpageEncoding.Lz4, zpage, 100, out _));
        Assert.Throws<ObjectDisposedException>(() => sealer.TryOpen(9, 77, zpage, checksum, new byte[100]));
        Assert.Throws<ObjectDisposedException>(() => sealer.FillChecksum(9, 78, 0));
    }

    internal static int Run(int first, int seeds)
    {
        int opened = 0;
        for (int seed = first; seed < first + seeds; seed++)
        {
            using SealRun run = new(seed);
            for (int step = 0; step < Steps; step++)
            {
                try
                {
                    run.Step();
                }
                catch (InvalidOperationException violation)
                {
                    throw new InvalidOperationException($"seed {seed} step {step}: {violation.Message}", violation);
                }
            }

            opened += run.Opened;
        }

        return opened;
    }

    private static string SaltOf(byte[] zpage) =>
        Convert.ToHexString(zpage.AsSpan(zpage.Length - ZpageLimits.SealBytes + 2, 12));

    private AreaSealer Sealer() =>
        new(_folder.Ring("vm7", 3), "vm7", 3, SealFill.Sealed);
}
