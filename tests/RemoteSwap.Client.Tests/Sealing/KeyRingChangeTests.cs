using System.Diagnostics;
using System.Text;
using RemoteSwap.Client.Sealing;
using Xunit;

namespace RemoteSwap.Client.Tests.Sealing;

/// <summary>Rings that others change or erase meanwhile, and what must not be left on the disk.</summary>
public sealed class KeyRingChangeTests : IDisposable
{
    private const string Tenant = "vm/7";
    private readonly SealFolder _folder = new();

    private string Rings => _folder.Options.KeyFile + ".rings";

    private IEnumerable<string> Files => Directory.GetFiles(Rings).Order(StringComparer.Ordinal);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Opening_makes_no_ring()
    {
        SealKeyException refusal = Assert.Throws<SealKeyException>(() => KeyRing.Open(_folder.Options, Tenant, 0));

        Assert.Contains("there is no key ring", refusal.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Rings));
        using KeyRing made = _folder.Ring(Tenant, 0);
        using KeyRing opened = KeyRing.Open(_folder.Options, Tenant, 0);
        Assert.Equal((true, false), (made.IsNew, opened.IsNew));
    }

    [Fact]
    public void Erasing_needs_no_key()
    {
        _folder.Ring(Tenant, 0).Dispose();
        File.Delete(_folder.Options.KeyFile!);

        string path = KeyRing.Erase(_folder.Options, Tenant, 0);

        Assert.Equal(KeyRing.PathOf(_folder.Options, Tenant, 0), path);
        FileInfo left = new(Assert.Single(Directory.GetFiles(Rings)));
        Assert.Equal((path + ".lock", 0), (left.FullName, left.Length));
        Assert.Throws<SealKeyException>(() => KeyRing.Erase(_folder.Options, Tenant, 0));
        Assert.Throws<ArgumentException>(() => KeyRing.Erase(new SealOptions(), Tenant, 0));
    }

    [Fact]
    public void Wrapped_anew_a_ring_goes_on_with_its_new_key_in_its_old_folder()
    {
        SealOptions next = new() { KeyFile = _folder.NewKey("next") };
        using KeyRing ring = _folder.Ring(Tenant, 0);

        ring.Rewrap(next);
        ring.Rotate();

        using KeyRing again = KeyRing.Open(next with { RingFolder = Rings }, Tenant, 0);
        Assert.Equal((2, 2), (again.Count, again.Current));
        Assert.Throws<SealKeyException>(() => KeyRing.Open(_folder.Options, Tenant, 0));
    }

    [Fact]
    public void What_somebody_is_changing_is_not_changed()
    {
        using KeyRing ring = _folder.Ring(Tenant, 0);
        byte[] before = File.ReadAllBytes(ring.Path);
        SealOptions next = new() { KeyFile = _folder.NewKey("next") };
        using (RingLock.Take(ring.Path))
        {
            foreach (Action change in (Action[])
                [ring.Rotate, () => ring.Rewrap(next), () => KeyRing.Erase(_folder.Options, Tenant, 0)])
            {
                SealKeyException refusal = Assert.Throws<SealKeyException>(change);
                Assert.Contains("is being changed", refusal.Message, StringComparison.Ordinal);
            }

            Assert.Equal(before, File.ReadAllBytes(ring.Path));
        }

        ring.Rotate();
        Assert.Equal(2, ring.Count);
    }

    [Fact]
    public async Task Keys_that_many_add_at_the_same_time_are_all_there()
    {
        const int Writers = 4;
        const int Rotations = 8;
        _folder.Ring(Tenant, 0).Dispose();

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(Add)));

        using KeyRing ring = KeyRing.Open(_folder.Options, Tenant, 0);
        Assert.Equal((Writers * Rotations) + 1, ring.Count);

        void Add()
        {
            for (int added = 0; added < Rotations;)
            {
                using KeyRing one = KeyRing.Open(_folder.Options, Tenant, 0);
                try
                {
                    one.Rotate();
                    added++;
                }
                catch (SealKeyException changed) when (
                    changed.Message.Contains("try again", StringComparison.Ordinal))
                {
                    // Another one was quicker.
                }
            }
        }
    }

    [Theory]
    [InlineData("rotated")]
    [InlineData("wrapped anew")]
    [InlineData("erased")]
    [InlineData("another")]
    public void What_has_changed_meanwhile_is_not_written_over(string change)
    {
        using KeyRing ring = _folder.Ring(Tenant, 0);
        SealOptions next = new() { KeyFile = _folder.NewKey("next") };
        using (KeyRing other = KeyRing.Open(_folder.Options, Tenant, 0))
        {
            switch (change)
            {
                case "rotated":
                    other.Rotate();
                    break;
                case "wrapped anew":
                    other.Rewrap(next);
                    break;
                case "erased":
                    other.Shred();
                    break;
                default:
                    other.BeginAnew();
                    break;
            }
        }

        byte[]? before = File.Exists(ring.Path) ? File.ReadAllBytes(ring.Path) : null;
        Assert.Contains(
            "meanwhile", Assert.Throws<SealKeyException>(ring.Rotate).Message, StringComparison.Ordinal);
        Assert.Throws<SealKeyException>(() => ring.Rewrap(next));

        Assert.Equal(before, File.Exists(ring.Path) ? File.ReadAllBytes(ring.Path) : null);
    }

    [Fact]
    public void Another_ring_in_its_place_is_not_erased()
    {
        using KeyRing ring = _folder.Ring(Tenant, 0);
        KeyRing.Erase(_folder.Options, Tenant, 0);
        using KeyRing other = _folder.Ring(Tenant, 0);

        ring.Shred();

        Assert.Equal(0, ring.Count);
        Assert.True(File.Exists(other.Path));
    }

    [Fact]
    public void No_file_is_left_by_a_write_that_fails_nor_by_one_that_was_killed()
    {
        using KeyRing ring = _folder.Ring(Tenant, 0);
        File.WriteAllText($"{ring.Path}.77-0123", "left");
        File.WriteAllText(ring.Path + "2", "another's");
        ring.Shred();
        Assert.Equal([ring.Path + ".lock", ring.Path + "2"], Files);

        RingFile blocked = new(Rings, Tenant, 1);
        Directory.CreateDirectory(blocked.Path);
        RingDocument document = new(RingDocument.CurrentSchema, Tenant, 1, "00", null, []);
        Assert.Throws<SealKeyException>(() => blocked.TryWrite(document, replaces: true));
        Assert.Equal([ring.Path + ".lock", ring.Path + "2"], Files);
    }

    [Theory]
    [InlineData("sleep 30 2>/dev/null")]
    [InlineData("cat > /dev/null; sleep 30 2>/dev/null & echo token")]
    public void A_key_command_has_its_time_and_so_has_what_it_leaves_behind(string script)
    {
        string path = _folder.Write(
            "command",
            Encoding.ASCII.GetBytes("#!/bin/sh\n" + script + "\n"),
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using SecretBytes key = SecretBytes.Random();
        Stopwatch watch = Stopwatch.StartNew();

        SealKeyException failure = Assert.Throws<SealKeyException>(
            () => new KeyCommand(path, "vm7", 0, TimeSpan.FromSeconds(1)).Wrap(key));

        Assert.Contains("not done after", failure.Message, StringComparison.Ordinal);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"it took {watch.Elapsed}");
    }
}
