namespace RemoteSwap.LoadGen.Sources;

/// <summary>Tells from a file's first page what it holds.</summary>
internal static class FileKinds
{
    private static readonly HashSet<string> s_binaryExtensions = new(StringComparer.Ordinal)
    {
        ".dll", ".exe", ".so", ".a", ".o", ".pdb", ".gz", ".xz", ".bz2", ".zip", ".nupkg", ".png", ".jpg", ".gif",
        ".mo", ".pyc", ".db", ".ttf", ".otf", ".pf2",
    };

    /// <summary>The kind of a file.</summary>
    /// <param name="head">The file's first bytes, as many as it has up to a page.</param>
    public static PageKind Of(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("MZ"u8))
        {
            return PageKind.ManagedCode;
        }

        if (head.StartsWith("\u007fELF"u8))
        {
            return PageKind.NativeCode;
        }

        return IsText(head) ? PageKind.Text : PageKind.OtherFile;
    }

    /// <summary>Tells from its name whether a file may be of a kind, so that not every file need be opened.</summary>
    public static bool MayBe(PageKind kind, string path)
    {
        ReadOnlySpan<char> extension = Path.GetExtension(path.AsSpan());
        return kind switch
        {
            PageKind.ManagedCode => extension.SequenceEqual(".dll") || extension.SequenceEqual(".exe"),
            PageKind.NativeCode => extension.IsEmpty || path.Contains(".so", StringComparison.Ordinal),
            PageKind.Text => !s_binaryExtensions.GetAlternateLookup<ReadOnlySpan<char>>().Contains(extension),
            _ => true,
        };
    }

    // Control characters but tab, line feed, form feed and carriage return do not stand in text; bytes above 127 are
    // taken for UTF-8.
    private static bool IsText(ReadOnlySpan<byte> head)
    {
        foreach (byte b in head)
        {
            if (b < 0x20 && b is not ((byte)'\t' or (byte)'\n' or (byte)'\f' or (byte)'\r'))
            {
                return false;
            }
        }

        return head.Length > 0;
    }
}
