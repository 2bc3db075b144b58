using System.Buffers.Binary;
using System.Runtime.InteropServices;
using RemoteSwap.Codec;
using RemoteSwap.LoadGen.Sources;

namespace RemoteSwap.LoadGen.Chaos.Load;

/// <summary>
/// Page contents of which no two stores have the same: real pages with the number of the store and the slot written
/// into them, and now and then a page of one repeated word. A page that comes back is known by its stamp, and counts
/// only if all of its 4,096 bytes are those of that store. Any thread may call.
/// </summary>
/// <param name="corpus">The pages that are stamped.</param>
internal sealed class StampedPages(PageCorpus corpus)
{
    /// <summary>Bytes that were never stored.</summary>
    public const ulong Unknown = 0;

    private const int StampOffset = 1_000;
    private const int SlotOffset = StampOffset + sizeof(ulong);
    private const ulong SameFilledEvery = 16;

    /// <summary>Writes the page of a store.</summary>
    /// <param name="content">The number of the store, from 1.</param>
    /// <param name="slot">Its slot.</param>
    /// <param name="page">4,096 bytes.</param>
    public void Write(ulong content, ulong slot, Span<byte> page)
    {
        if (content % SameFilledEvery == 0)
        {
            MemoryMarshal.Cast<byte, ulong>(page).Fill(content);
            return;
        }

        corpus.Page((int)(content % (ulong)corpus.Count)).CopyTo(page);
        BinaryPrimitives.WriteUInt64LittleEndian(page[StampOffset..], content);
        BinaryPrimitives.WriteUInt64LittleEndian(page[SlotOffset..], slot);
    }

    /// <summary>Which store's page this is.</summary>
    /// <param name="page">4,096 bytes.</param>
    /// <param name="newest">The newest store there is.</param>
    /// <returns>Its number; <see cref="Unknown"/>: no store's.</returns>
    public ulong Identify(ReadOnlySpan<byte> page, ulong newest)
    {
        ulong content = BinaryPrimitives.ReadUInt64LittleEndian(page[StampOffset..]);
        ulong slot = BinaryPrimitives.ReadUInt64LittleEndian(page[SlotOffset..]);
        if (content == Unknown || content > newest)
        {
            return Unknown;
        }

        Span<byte> right = stackalloc byte[PageSize.Bytes];
        Write(content, slot, right);
        return page.SequenceEqual(right) ? content : Unknown;
    }
}
