using System.Globalization;

namespace RemoteSwap.EndToEnd.Tests.Privacy;

/// <summary>Looks for a mark in all memory of another process that can be read (proc(5): maps, mem).</summary>
internal static class MemoryDump
{
    private const int BufferBytes = 4 << 20;

    /// <summary>How often a mark stands in a process's memory.</summary>
    /// <param name="process">The process, which this one may trace.</param>
    /// <param name="mark">The mark.</param>
    /// <returns>How often, and how many bytes were looked at.</returns>
    public static (long Found, long Bytes) Search(int process, byte[] mark)
    {
        using FileStream memory = new($"/proc/{process}/mem", FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 0);
        byte[] buffer = new byte[BufferBytes + mark.Length];
        long found = 0;
        long bytes = 0;
        foreach ((long start, long end) in Regions(process))
        {
            int kept = 0;
            for (long at = start; at < end;)
            {
                int read = TryRead(memory, at, buffer.AsSpan(kept, (int)Math.Min(BufferBytes, end - at)));
                if (read == 0)
                {
                    break;
                }

                found += buffer.AsSpan(0, kept + read).Count(mark);
                bytes += read;
                at += read;
                int keep = Math.Min(mark.Length - 1, kept + read);
                buffer.AsSpan(kept + read - keep, keep).CopyTo(buffer);
                kept = keep;
            }
        }

        return (found, bytes);
    }

    private static IEnumerable<(long Start, long End)> Regions(int process) =>
        from line in File.ReadLines($"/proc/{process}/maps")
        let words = line.Split(' ', 3)
        where words[1].StartsWith('r') && !line.EndsWith("[vvar]", StringComparison.Ordinal)
            && !line.EndsWith("[vsyscall]", StringComparison.Ordinal)
        let ends = words[0].Split('-')
        select (Address(ends[0]), Address(ends[1]));

    private static long Address(string hexadecimal) =>
        long.Parse(hexadecimal, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    // A region that is given back, or has nothing behind it, while it is read ends there.
    private static int TryRead(FileStream memory, long at, Span<byte> into)
    {
        try
        {
            return RandomAccess.Read(memory.SafeFileHandle, into, at);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
