using System.Security.Cryptography;
using System.Text;
using RemoteSwap.Client.Sealing;
using RemoteSwap.Codec;
using Xunit;

namespace RemoteSwap.Client.Tests.Sealing;

/// <summary>Key files, key commands, and the rings that they open.</summary>
public sealed class KeyRingTests : IDisposable
{
    private const string Tenant = "vm/7";
    private readonly SealFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_key_may_be_raw_base64_or_hexadecimal()
    {
        byte[] key = RandomNumberGenerator.GetBytes(32);
        _folder.Write("raw", key);
        _folder.Write("base64", Encoding.ASCII.GetBytes(Convert.ToBase64String(key) + "\n"));
        _folder.Write("hex", Encoding.ASCII.GetBytes($" {Convert.ToHexString(key)}\r\n"));
        SealOptions raw = new() { KeyFile = _folder.File("raw"), RingFolder = _folder.File("rings") };
        KeyRing.Open(raw, Tenant, 0, mayBegin: true).Dispose();

        foreach (string form in (string[])["raw", "base64", "hex"])
        {
            using KeyRing ring = KeyRing.Open(raw with { KeyFile = _folder.File(form) }, Tenant, 0, mayBegin: true);
            Assert.Equal((1, 1), (ring.Count, ring.Current));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(44)]
    [InlineData(64)]
    [InlineData(5000)]
    public void What_is_no_key_is_refused(int bytes)
    {
        _folder.Write("bad", RandomNumberGenerator.GetBytes(bytes));

        SealKeyException refusal = Assert.Throws<SealKeyException>(() => Open("bad"));

        Assert.Contains(_folder.File("bad"), refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_of_one_byte_again_and_again_and_a_missing_one_are_refused()
    {
        _folder.Write("zero", new byte[32]);
        Assert.Throws<SealKeyException>(() => Open("zero"));
        Assert.Throws<SealKeyException>(() => Open("none"));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherExecute)]
    public void A_key_that_others_have_a_right_to_is_refused(UnixFileMode right)
    {
        _folder.Write("open", RandomNumberGenerator.GetBytes(32), UnixFileMode.UserRead | right);

        SealKeyException refusal = Assert.Throws<SealKeyException>(() => Open("open"));

        Assert.Contains("chmod 600", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_ring_is_its_users_alone_and_has_no_key_in_the_clear()
    {
        using KeyRing ring = _folder.Ring(Tenant, 0);
        byte[] key = DataKey(ring, 1);
        string text = File.ReadAllText(ring.Path);

        Assert.DoesNotContain(Convert.ToBase64String(key), text, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(ring.Path));
        }
    }

    [Fact]
    public void Another_key_does_not_open_a_ring_nor_does_a_ring_of_another_area_serve()
    {
        _folder.Ring(Tenant, 0).Dispose();
        _folder.Ring(Tenant, 1).Dispose();
        SealOptions other = _folder.Options with
        {
            KeyFile = _folder.NewKey("other"),
            RingFolder = _folder.Options.KeyFile + ".rings",
        };
        Assert.Contains(
            "another user key",
            Assert.Throws<SealKeyException>(() => KeyRing.Open(other, Tenant, 0, mayBegin: true)).Message,
            StringComparison.Ordinal);

        string first = PathOf(0);
        File.Copy(PathOf(1), first, overwrite: true);
        Assert.Throws<SealKeyException>(() => _folder.Ring(Tenant, 0));

        // Nor where the names in it are changed to fit: they are bound to the keys.
        File.WriteAllText(
            first, File.ReadAllText(first).Replace("\"area\": 1", "\"area\": 0", StringComparison.Ordinal));
        Assert.Throws<SealKeyException>(() => _folder.Ring(Tenant, 0));
    }

    [Fact]
    public void Wrapped_keys_can_not_be_exchanged()
    {
        using (KeyRing ring = _folder.Ring(Tenant, 0))
        {
            ring.Rotate();
        }

        string path = PathOf(0);
        string text = File.ReadAllText(path);
        File.WriteAllText(
            path,
            text.Replace("\"number\": 1", "\"number\": 9", StringComparison.Ordinal));

        Assert.Throws<SealKeyException>(() => _folder.Ring(Tenant, 0));
    }

    [Fact]
    public void Rotated_and_wrapped_anew_a_ring_opens_what_was_sealed_before()
    {
        byte[] zpage = new byte[100 + ZpageLimits.SealBytes];
        using AreaSealer before = new(_folder.Ring(Tenant, 0), Tenant, 0, SealFill.Sealed);
        before.Seal(9, 77, ZpageEncoding.Lz4, zpage, 100, out uint checksum);
        uint fill = before.FillChecksum(9, 78, 5);

        SealOptions next = _folder.Options with
        {
            KeyFile = _folder.NewKey("next"),
            RingFolder = _folder.Options.KeyFile + ".rings",
        };
        using (KeyRing ring = _folder.Ring(Tenant, 0))
        {
            ring.Rotate();
            ring.Rewrap(next);
            Assert.Equal((2, 2), (ring.Count, ring.Current));
        }

        Assert.Throws<SealKeyException>(() => _folder.Ring(Tenant, 0));
        using AreaSealer after = new(KeyRing.Open(next, Tenant, 0, mayBegin: true), Tenant, 0, SealFill.Sealed);
        byte[] again = new byte[100 + ZpageLimits.SealBytes];
        after.Seal(9, 78, ZpageEncoding.Lz4, again, 100, out uint newChecksum);
        Assert.True(after.TryOpen(9, 77, zpage, checksum, new byte[100]));
        Assert.True(after.TryOpen(9, 78, again, newChecksum, new byte[100]));
        Assert.True(after.IsFill(9, 78, 5, fill));
        Assert.False(before.TryOpen(9, 78, again, newChecksum, new byte[100]));
        Assert.Equal((1, 2), (zpage[100], again[100] & 0x3F));
    }

    [Fact]
    public void A_ring_has_so_many_keys_and_no_more()
    {
        using KeyRing ring = _folder.Ring(Tenant, 0);
        while (ring.Count < KeyRing.MaxKeys)
        {
            ring.Rotate();
        }

        Assert.Throws<SealKeyException>(ring.Rotate);
        using KeyRing again = _folder.Ring(Tenant, 0);
        Assert.Equal((64, 64), (again.Count, again.Current));
    }

    [Fact]
    public void Erased_a_ring_opens_nothing_ever_again()
    {
        byte[] zpage = new byte[100 + ZpageLimits.SealBytes];
        using AreaSealer sealer = new(_folder.Ring(Tenant, 0), Tenant, 0, SealFill.Sealed);
        sealer.Seal(9, 77, ZpageEncoding.Lz4, zpage, 100, out uint checksum);
        byte[] ring = File.ReadAllBytes(sealer.Ring.Path);
        using FileStream still = File.OpenRead(sealer.Ring.Path);

        sealer.Shred();

        Assert.False(File.Exists(sealer.Ring.Path));
        byte[] left = new byte[ring.Length];
        still.ReadExactly(left);
        Assert.NotEqual(ring, left);
        Assert.Throws<ObjectDisposedException>(() => sealer.TryOpen(9, 77, zpage, checksum, new byte[100]));
        using AreaSealer next = new(_folder.Ring(Tenant, 0), Tenant, 0, SealFill.Sealed);
        Assert.False(next.TryOpen(9, 77, zpage, checksum, new byte[100]));
    }

    [Fact]
    public void An_area_that_begins_empty_has_new_keys()
    {
        byte[] zpage = new byte[100 + ZpageLimits.SealBytes];
        using AreaSealer sealer = new(_folder.Ring(Tenant, 0), Tenant, 0, SealFill.Sealed);
        sealer.Seal(9, 77, ZpageEncoding.Lz4, zpage, 100, out uint checksum);

        sealer.BeginAnew();

        Assert.False(sealer.TryOpen(9, 77, zpage, checksum, new byte[100]));
        sealer.Seal(9, 78, ZpageEncoding.Lz4, zpage, 100, out checksum);
        using AreaSealer other = new(_folder.Ring(Tenant, 0), Tenant, 0, SealFill.Sealed);
        Assert.True(other.TryOpen(9, 78, zpage, checksum, new byte[100]));
    }

    [Fact]
    public void Who_makes_the_first_ring_at_the_same_time_gets_the_same_one()
    {
        HashSet<string> keys = [];
        Parallel.For(0, 8, _ =>
        {
            using KeyRing ring = _folder.Ring(Tenant, 5);
            lock (keys)
            {
                keys.Add(Convert.ToHexString(DataKey(ring, 1)));
            }
        });

        Assert.Single(keys);
        Assert.Single(Directory.GetFiles(_folder.Options.KeyFile + ".rings"));
    }

    [Fact]
    public void A_key_command_wraps_and_unwraps_the_key()
    {
        SealOptions options = Command(
            "cat > $0.in; if [ $1 = wrap ]; then mv $0.in $0.key; echo token-$2-$3; else cat $0.key; fi");
        using KeyRing ring = KeyRing.Open(options, "vm7", 0, mayBegin: true);
        using KeyRing again = KeyRing.Open(options, "vm7", 0, mayBegin: true);

        Assert.Equal(DataKey(ring, 1), DataKey(again, 1));
        Assert.Contains("wrapped_user_key", File.ReadAllText(ring.Path), StringComparison.Ordinal);
        again.Rewrap(_folder.Options);
        using KeyRing byFile = KeyRing.Open(
            _folder.Options with { RingFolder = options.RingFolder }, "vm7", 0, mayBegin: true);
        Assert.Equal(DataKey(ring, 1), DataKey(byFile, 1));
        Assert.Throws<SealKeyException>(() => KeyRing.Open(options, "vm7", 0, mayBegin: true));
    }

    [Theory]
    [InlineData("exit 3", "exit code 3")]
    [InlineData("cat > /dev/null; head -c 5000 /dev/zero", "more than 4096 bytes")]
    [InlineData("cat > /dev/null; echo", "wrote nothing")]
    public void A_key_command_that_fails_is_named(string script, string why)
    {
        SealKeyException failure = Assert.Throws<SealKeyException>(
            () => KeyRing.Open(Command(script), "vm7", 0, mayBegin: true));

        Assert.Contains(why, failure.Message, StringComparison.Ordinal);
        Assert.Contains("wrap vm7 0", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_command_that_is_not_there_is_named() => Assert.Throws<SealKeyException>(
        () => KeyRing.Open(
            new SealOptions { KeyCommand = _folder.File("none"), RingFolder = _folder.File("rings") },
            "vm7",
            0,
            mayBegin: true));

    [Fact]
    public void All_errors_of_options_are_said_at_once()
    {
        SealOptions wrong = new() { Fill = (SealFill)7 };

        ArgumentException refusal = Assert.Throws<ArgumentException>(() => KeyRing.Open(wrong, "vm7", 0));

        Assert.All(
            (string[])["KeyFile", "KeyCommand", "RingFolder", "Fill"],
            name => Assert.Contains(name, refusal.Message, StringComparison.Ordinal));
    }

    private static byte[] DataKey(KeyRing ring, int number)
    {
        byte[] derived = new byte[32];
        Assert.True(ring.TryDerive(number, default, "test"u8, derived));
        return derived;
    }

    private SealOptions Command(string script)
    {
        string path = _folder.Write(
            "command",
            Encoding.ASCII.GetBytes("#!/bin/sh\n" + script + "\n"),
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new SealOptions { KeyCommand = path, RingFolder = _folder.File("rings") };
    }

    private KeyRing Open(string key) =>
        KeyRing.Open(new SealOptions { KeyFile = _folder.File(key) }, Tenant, 0, mayBegin: true);

    private string PathOf(uint area)
    {
        using KeyRing ring = _folder.Ring(Tenant, area);
        return ring.Path;
    }
}
