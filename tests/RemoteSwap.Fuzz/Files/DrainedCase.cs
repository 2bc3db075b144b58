using System.IO.Hashing;
using System.Text;
using RemoteSwap.Fuzz.Core;
using RemoteSwap.Pool;
using RemoteSwap.Store;

namespace RemoteSwap.Fuzz.Files;

/// <summary>A state folder that was damaged, and a start from it.</summary>
internal static class DrainedCase
{
    private const int ChecksumLineBytes = 9;

    /// <summary>Damages one of the files by a script.</summary>
    /// <param name="mode">Which file (the lowest two bits); 4: checksums are made anew.</param>
    /// <param name="script">The script.</param>
    public static void Run(int mode, ReadOnlySpan<byte> script)
    {
        (byte[] images, byte[] manifest, byte[] areas) = LeftFiles.Drained;
        bool isForged = (mode & 4) != 0;
        switch (mode & 3)
        {
            case 0:
                images = FileEdits.Apply(images, script);
                images = isForged ? SealAnew(images) : images;
                break;
            case 1:
                manifest = FileEdits.Apply(manifest, script);
                manifest = isForged ? SumAnew(manifest) : manifest;
                break;
            case 2:
                areas = FileEdits.Apply(areas, script);
                areas = isForged ? BookSums.Anew(areas) : areas;
                break;
            default:
                break;
        }

        Start(images, manifest, areas, isForged);
    }

    /// <summary>Starts with files of any content.</summary>
    public static void Start(byte[] images, byte[] manifest, byte[] areas, bool isForged)
    {
        using FuzzFolder folder = new();
        folder.Write("images", images);
        folder.Write("drained", manifest);
        folder.Write("areas", areas);
        try
        {
            using PageStore store = LeftFiles.Open(state: StateFolder.Open(folder.Path, TimeProvider.System));
            new WarmRestart(store).StartAsync(discards: (images.Length & 1) != 0, progress: null)
                .GetAwaiter().GetResult();
            RestoreJudge.Judge(store, isForged);
        }
        catch (StateException refusal)
        {
            FindingException.Unless(refusal.Message.Length > 0, "a refusal says nothing");
        }
    }

    /// <summary>The manifest with another JSON, whose checksum is right.</summary>
    public static byte[] Manifest(ReadOnlySpan<byte> json) =>
        [.. json, .. Encoding.ASCII.GetBytes($"\n{Crc32.HashToUInt32(json):x8}")];

    private static byte[] SumAnew(byte[] manifest) =>
        Manifest(manifest.AsSpan(0, Math.Max(0, manifest.Length - ChecksumLineBytes)));

    private static byte[] SealAnew(byte[] images)
    {
        int headers = ImageGroup.BytesOf(0);
        for (int image = 0; headers + ((image + 1) * FrameArena.FrameBytes) <= images.Length; image++)
        {
            Span<byte> frame = images.AsSpan(headers + (image * FrameArena.FrameBytes), FrameArena.FrameBytes);
            FrameImage.Seal(frame, images.AsSpan(image * FrameHeader.Bytes, FrameHeader.Bytes), LeftFiles.DrainNumber);
        }

        return images;
    }
}
