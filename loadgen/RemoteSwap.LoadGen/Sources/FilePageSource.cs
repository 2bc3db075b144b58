using Microsoft.Win32.SafeHandles;
using RemoteSwap.Codec;

namespace RemoteSwap.LoadGen.Sources;

/// <summary>
/// Pages of files, as the page cache would hold them: a file's last page is filled up with zeroes. Files come in a
/// shuffled order, so that a part of a large directory stands for the whole. Links are not followed, and files that can
/// not be opened are left out.
/// </summary>
internal sealed class FilePageSource : IPageSource
{
    /// <summary>Most files that are looked at.</summary>
    public const int MaxFiles = 200_000;

    private static readonly EnumerationOptions s_enumeration = new()
    {
        RecurseSubdirectories = true,
        IgnoreInaccessible = true,
        AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Device,
        MaxRecursionDepth = 32,
    };

    private readonly PageKind? _only;
    private readonly string[] _files;
    private int _nextFile;
    private SafeFileHandle? _file;
    private PageKind _fileKind;
    private long _fileOffset;

    /// <summary>Lists the files of some directories.</summary>
    /// <param name="name">The source, for messages.</param>
    /// <param name="directories">Directories; those that do not exist are left out.</param>
    /// <param name="only">Take files of this kind only; null: all.</param>
    /// <param name="random">Shuffles the files.</param>
    public FilePageSource(string name, IEnumerable<string> directories, PageKind? only, SeededRandom random)
    {
        Name = name;
        _only = only;
        _files = [.. directories
            .Where(Directory.Exists)
            .SelectMany(directory => Directory.EnumerateFiles(directory, "*", s_enumeration))
            .Where(path => only is null || FileKinds.MayBe(only.Value, path))
            .Take(MaxFiles)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)];
        random.Shuffle(_files);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Read(Span<byte> pages, Span<PageKind> kinds)
    {
        int read = 0;
        int room = pages.Length / PageSize.Bytes;
        while (read < room && (_file is not null || TryOpenNext()))
        {
            Span<byte> target = pages[(read * PageSize.Bytes)..];
            int bytes = RandomAccess.Read(_file!, target, _fileOffset);
            int wholePages = (bytes + PageSize.Bytes - 1) / PageSize.Bytes;
            target[bytes..(wholePages * PageSize.Bytes)].Clear();
            kinds.Slice(read, wholePages).Fill(_fileKind);
            read += wholePages;
            _fileOffset += bytes;

            // A short read is the end: regular files do not give less before it.
            if (bytes < target.Length)
            {
                Close();
            }
        }

        return read;
    }

    /// <inheritdoc/>
    public void Dispose() => Close();

    private void Close()
    {
        _file?.Dispose();
        _file = null;
    }

    private bool TryOpenNext()
    {
        Span<byte> head = stackalloc byte[PageSize.Bytes];
        while (_nextFile < _files.Length)
        {
            _file = TryOpen(_files[_nextFile++]);
            if (_file is null)
            {
                continue;
            }

            int headBytes = RandomAccess.GetLength(_file) > 0 ? RandomAccess.Read(_file, head, fileOffset: 0) : 0;
            _fileKind = FileKinds.Of(head[..headBytes]);
            _fileOffset = 0;
            if (headBytes > 0 && (_only is null || _only == _fileKind))
            {
                return true;
            }

            Close();
        }

        return false;
    }

    private static SafeFileHandle? TryOpen(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
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
}
