using System.Runtime.InteropServices;
using RemoteSwap.Codec;

namespace RemoteSwap.Benchmarks.Data;

/// <summary>
/// Pages of the files of the installed .NET, from all over them, always the same ones for one installation. Same-filled
/// pages are left out: they have a benchmark of their own.
/// </summary>
internal static class RealPages
{
    /// <summary>Pages of one kind: 1 MiB, more than a core's nearest caches hold.</summary>
    public const int PagesPerKind = 256;

    // File names come sorted, so the first 64 MiB are the same bytes at every run.
    private const int MaxFilePages = 16 * 1024;

    /// <summary>256 pages of a kind.</summary>
    /// <exception cref="InvalidOperationException">The installation has too few pages of this kind.</exception>
    public static byte[][] Of(PageKind kind)
    {
        List<byte[]> all = [];
        foreach (string path in Files(kind))
        {
            byte[] file = File.ReadAllBytes(path);
            for (int at = 0; at + PageSize.Bytes <= file.Length && all.Count < MaxFilePages; at += PageSize.Bytes)
            {
                byte[] page = file[at..(at + PageSize.Bytes)];
                if (!SameFilledPage.TryGetWord(page, out _))
                {
                    all.Add(page);
                }
            }
        }

        return all.Count >= PagesPerKind
            ? [.. Enumerable.Range(0, PagesPerKind).Select(page => all[(int)((long)page * all.Count / PagesPerKind)])]
            : throw new InvalidOperationException(
                $"the installed .NET has {all.Count} pages of kind {kind}, {PagesPerKind} are needed");
    }

    /// <summary>The LZ4 zpages of all kinds whose length is within bounds.</summary>
    public static List<byte[]> Zpages(int minBytes, int maxBytes)
    {
        List<byte[]> zpages = [];
        byte[] room = new byte[PageSize.Bytes];
        foreach (byte[] page in Enum.GetValues<PageKind>().SelectMany(Of))
        {
            int length = PageCodec.Default.Encode(page, room, out ZpageEncoding encoding);
            if (encoding == ZpageEncoding.Lz4 && length >= minBytes && length <= maxBytes)
            {
                zpages.Add(room[..length]);
            }
        }

        return zpages;
    }

    private static IEnumerable<string> Files(PageKind kind)
    {
        string runtime = RuntimeEnvironment.GetRuntimeDirectory();
        string root = Path.GetFullPath(Path.Combine(runtime, "..", "..", ".."));
        IEnumerable<string> files = kind switch
        {
            PageKind.ManagedDll => Directory.EnumerateFiles(runtime, "System.*.dll"),
            PageKind.NativeSo => Directory.EnumerateFiles(runtime, "*.so"),
            _ => Directory.EnumerateFiles(root, "*.*", SearchOption.AllDirectories)
                .Where(path => Path.GetExtension(path) is ".json" or ".xml" or ".targets"),
        };
        return files.Order(StringComparer.Ordinal);
    }
}
