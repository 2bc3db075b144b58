using System.Buffers.Binary;
using RemoteSwap.Client;
using RemoteSwap.Client.Evictions;
using RemoteSwap.Codec;
using RemoteSwap.Fuzz.Core;

namespace RemoteSwap.Fuzz.Files;

/// <summary>A client's eviction file that was damaged, and the next start's look at it.</summary>
internal static class EvictionCase
{
    private const int Places = 16;
    private const uint Area = 1;
    private const int ChecksumOffset = ImageHeader.Bytes - sizeof(uint);

    private static readonly byte[] s_file = Make();

    /// <summary>Damages the file by a script.</summary>
    /// <param name="mode">4: headers' checksums are made anew.</param>
    /// <param name="script">The script.</param>
    public static void Run(int mode, ReadOnlySpan<byte> script)
    {
        byte[] damaged = FileEdits.Apply(s_file, script);
        using FuzzFolder folder = new();
        folder.Write("pages", (mode & 4) != 0 ? SumAnew(damaged) : damaged);
        EvictionFile file;
        try
        {
            file = EvictionFile.Open(Target(folder), LeftFiles.Tenant, Area);
        }
        catch (IOException refusal)
        {
            FindingException.Unless(refusal.Message.Length > 0, "a refusal says nothing");
            return;
        }

        using (file)
        {
            Judge(file);
        }
    }

    private static void Judge(EvictionFile file)
    {
        HashSet<uint> taken = [];
        byte[] room = new byte[EvictionFile.ReadBytes];
        foreach ((uint place, ImageHeader header) in file.Scan())
        {
            FindingException.Unless(taken.Add(place), $"place {place} is found twice");
            FindingException.Unless(
                header.Length is > 0 and <= ZpageLimits.MaxBytes, $"a zpage of {header.Length} bytes");
            file.ReadAsync(place, room).AsTask().GetAwaiter().GetResult();
            ReadOnlySpan<byte> zpage = room.AsSpan(ImageHeader.Bytes, header.Length);
            if (PageChecksum.OfZpage(zpage) == header.ZpageChecksum)
            {
                _ = PageCodec.Default.Decode(header.Encoding, zpage, new byte[PageSize.Bytes]);
            }
        }

        for (int count = 0; file.TryReserve(out uint place); count++)
        {
            FindingException.Unless(taken.Add(place), $"place {place} is handed out and taken");
            FindingException.Unless(count < Places, "more places than there are");
        }
    }

    private static byte[] SumAnew(byte[] file)
    {
        for (int at = PageSize.Bytes; at + ImageHeader.Bytes <= Math.Min(file.Length, 2 * PageSize.Bytes);
            at += ImageHeader.Bytes)
        {
            Span<byte> header = file.AsSpan(at, ImageHeader.Bytes);
            BinaryPrimitives.WriteUInt32LittleEndian(
                header[ChecksumOffset..], PageChecksum.OfZpage(header[..ChecksumOffset]));
        }

        return file;
    }

    private static EvictionTarget Target(FuzzFolder folder) => new(folder.File("pages"), Places * PageSize.Bytes);

    private static byte[] Make()
    {
        using FuzzFolder folder = new();
        using (EvictionFile file = EvictionFile.Open(Target(folder), LeftFiles.Tenant, Area))
        {
            _ = file.Scan();
            file.SetSession("0123456789abcdef"u8, epoch: 7);
            for (ulong slot = 0; slot < Places / 2; slot++)
            {
                byte[] zpage = LeftFiles.ZpageOf(slot);
                file.TryReserve(out uint place);
                file.WriteAsync(place, zpage, CancellationToken.None).AsTask().GetAwaiter().GetResult();
                ImageHeader header = new(
                    Area, slot, slot + 1, zpage.Length == PageSize.Bytes ? ZpageEncoding.Raw : ZpageEncoding.Lz4,
                    zpage.Length, PageChecksum.OfZpage(zpage), PageChecksum: 1);
                file.Publish(place, in header, zpage);
            }
        }

        return folder.Read("pages");
    }
}
