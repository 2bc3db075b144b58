using System.Diagnostics;
using System.Runtime.InteropServices;
using RemoteSwap.Codec;
using RemoteSwap.LoadGen.Sources;
using Xunit;

namespace RemoteSwap.LoadGen.Tests.Sources;

public sealed class ProcessMemorySourceTests
{
    [Fact]
    public void Own_memory_holds_what_this_process_wrote()
    {
        // Two pages of a pattern hold at least one whole page, wherever they start.
        byte[] pattern = GC.AllocateUninitializedArray<byte>(2 * PageSize.Bytes, pinned: true);
        MemoryMarshal.Cast<byte, ulong>(pattern.AsSpan()).Fill(0x5eed_0fab_1e7a_b1e5);

        using ProcessMemorySource source = ProcessMemorySource.OpenSelf();
        PageCorpus corpus = CorpusBuilder.Build([source], (int)source.Pages, CancellationToken.None);

        Assert.InRange(corpus.Count, 100, int.MaxValue);
        Assert.Equal(corpus.Count, corpus.CountByKind()[(int)PageKind.OwnMemory]);
        bool found = false;
        for (int page = 0; page < corpus.Count && !found; page++)
        {
            found = MemoryMarshal.Cast<byte, ulong>(corpus.Page(page)).IndexOfAnyExcept(0x5eed_0fab_1e7a_b1e5ul) < 0;
        }

        Assert.True(found, "the pattern is not among the pages of this process's memory");
        GC.KeepAlive(pattern);
    }

    [Fact]
    public void Another_process_of_this_user_can_be_read()
    {
        using Process child = Process.Start(new ProcessStartInfo("sleep", "60"))!;
        try
        {
            using ProcessMemorySource source = ProcessMemorySource.Open(child.Id);
            Assert.InRange(CorpusBuilder.Build([source], 4, CancellationToken.None).Count, 1, 4);
        }
        catch (SourceUnavailableException denied) when (denied.IsPermission)
        {
            Assert.Skip($"this computer lets no process read another: {denied.Message}");
        }
        finally
        {
            child.Kill();
            child.WaitForExit();
        }
    }

    [Fact]
    public void A_process_that_is_not_there_is_named()
    {
        SourceUnavailableException failure =
            Assert.Throws<SourceUnavailableException>(() => ProcessMemorySource.Open(int.MaxValue));

        Assert.False(failure.IsPermission);
        Assert.Contains("pid:2147483647", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_writable_memory_that_is_no_device_is_taken()
    {
        string[] maps =
        [
            "55acd86ab000-55acd86ae000 r-xp 00007000 fe:00 247270                     /usr/bin/cat",
            "55acd86af000-55acd86b1000 rw-p 0000a000 fe:00 247270                     /usr/bin/cat",
            "7f0000000000-7f0000001000 rw-p 00000000 00:00 0 ",
            "7f1000000000-7f1000001000 rw-s 00000000 00:05 12                         /dev/dri/card0",
            "7ffd1c9f1000-7ffd1c9f3000 r--p 00000000 00:00 0                          [vvar]",
            "7ffd1c9c2000-7ffd1c9c4000 rw-p 00000000 00:00 0                          [stack]",
            "not a line of maps",
        ];

        Assert.Equal(
            [new PageRun(0x55acd86af000, 2), new PageRun(0x7f0000000000, 1), new PageRun(0x7ffd1c9c2000, 2)],
            MemoryMaps.Parse(maps));
    }
}
