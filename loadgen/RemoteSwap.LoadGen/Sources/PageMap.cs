using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using RemoteSwap.Codec;

namespace RemoteSwap.LoadGen.Sources;

/// <summary>
/// Reads <c>/proc/PID/pagemap</c>: which pages of a mapping exist. Without it a reservation looks like zeroes.
/// </summary>
internal static class PageMap
{
    // Kernel, admin-guide/mm/pagemap: bit 63 page present, bit 62 page swapped.
    private const ulong Exists = 0b11UL << 62;
    private const int EntriesARead = 4_096;

    /// <summary>Keeps the pages that exist; null where the system does not tell.</summary>
    /// <param name="path">The page map.</param>
    /// <param name="mapped">What is mapped.</param>
    public static IReadOnlyList<PageRun>? TryKeepPresent(string path, IReadOnlyList<PageRun> mapped)
    {
        try
        {
            using SafeFileHandle file = File.OpenHandle(path);
            return KeepPresent(file, mapped);
        }
        catch (IOException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static List<PageRun> KeepPresent(SafeFileHandle file, IReadOnlyList<PageRun> mapped)
    {
        List<PageRun> present = [];
        ulong[] entries = new ulong[EntriesARead];
        foreach (PageRun run in mapped)
        {
            for (int page = 0; page < run.Pages;)
            {
                long address = run.Address + ((long)page * PageSize.Bytes);
                Span<byte> target = MemoryMarshal.AsBytes(entries.AsSpan(0, Math.Min(EntriesARead, run.Pages - page)));
                int read = RandomAccess.Read(file, target, address / PageSize.Bytes * sizeof(ulong)) / sizeof(ulong);
                if (read == 0)
                {
                    break;
                }

                AddRuns(present, address, entries.AsSpan(0, read));
                page += read;
            }
        }

        return present;
    }

    private static void AddRuns(List<PageRun> present, long address, ReadOnlySpan<ulong> entries)
    {
        int start = -1;
        for (int i = 0; i <= entries.Length; i++)
        {
            bool exists = i < entries.Length && (entries[i] & Exists) != 0;
            if (exists && start < 0)
            {
                start = i;
            }
            else if (!exists && start >= 0)
            {
                present.Add(new PageRun(address + ((long)start * PageSize.Bytes), i - start));
                start = -1;
            }
        }
    }
}
