using RemoteSwap.Codec;
using RemoteSwap.Fuzz.Core;
using RemoteSwap.Pool;
using RemoteSwap.Store;

namespace RemoteSwap.Fuzz.Files;

/// <summary>A spill file, or its book, that was damaged, and a start from both.</summary>
internal static class SpillCase
{
    // Where the frames of the first group begin: behind the file's start and the group's headers.
    private const int FirstFrame = 2 * PageSize.Bytes;

    /// <summary>Damages one of the files by a script.</summary>
    /// <param name="mode">1: the book, else the spill file; 4: images' checksums are made anew.</param>
    /// <param name="script">The script.</param>
    public static void Run(int mode, ReadOnlySpan<byte> script)
    {
        (byte[] spill, byte[] book) = LeftFiles.Killed;
        bool isForged = (mode & 4) != 0;
        if ((mode & 1) != 0)
        {
            book = FileEdits.Apply(book, script);
        }
        else
        {
            spill = FileEdits.Apply(spill, script);
            spill = isForged ? SealAnew(spill) : spill;
        }

        using FuzzFolder folder = new();
        folder.Write("spill", spill);
        folder.Write("book", book);
        SpillFile file;
        try
        {
            file = new SpillFile(
                folder.File("spill"), LeftFiles.SpillPlaces * PageSize.Bytes, folder.File("book"), LeftFiles.Boot);
        }
        catch (IOException refusal)
        {
            FindingException.Unless(refusal.Message.Length > 0, "a refusal says nothing");
            return;
        }

        using PageStore store = LeftFiles.Open(file);
        store.Kept.RestoreAsync().GetAwaiter().GetResult();
        RestoreJudge.Judge(store, isForged);
    }

    // Of frames with a header; a headless one's stands elsewhere and stays as it is.
    private static byte[] SealAnew(byte[] spill)
    {
        for (int at = FirstFrame; at + FrameArena.FrameBytes <= spill.Length; at += FrameArena.FrameBytes)
        {
            Span<byte> frame = spill.AsSpan(at, FrameArena.FrameBytes);
            byte[] header = frame[..FrameHeader.Bytes].ToArray();
            if (FrameHeader.Of(header).Kind == FrameKind.Zbud)
            {
                FrameImage.Seal(frame, header);
            }
        }

        return spill;
    }
}
