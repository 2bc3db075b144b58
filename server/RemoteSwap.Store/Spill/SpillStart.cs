using Microsoft.Win32.SafeHandles;
using RemoteSwap.Privacy;

namespace RemoteSwap.Store;

/// <summary>
/// Opens the files of a spill file: a new one, or one of an earlier server with its live book, if both belong together
/// and the book can be believed. A path that names anything else is a mistake of the operator's, and is left alone.
/// </summary>
internal static class SpillStart
{
    private const int IdBytes = 16;

    // Of a file that is there; more than what a server writes first.
    private const int StartBytes = 4096;

    private static readonly byte[] s_magic = "RemoteSwap spill file 2\n"u8.ToArray();

    // Without the version: a file of an earlier one is a spill file too.
    private static readonly int s_kindBytes = "RemoteSwap spill file "u8.Length;

    /// <summary>Makes a file that goes with its server.</summary>
    public static FileStream CreateAlone(string path)
    {
        DeleteOwn(path);
        return Create(path, Guid.NewGuid(), FileOptions.DeleteOnClose);
    }

    /// <summary>Goes on with a file and its book, or makes both anew.</summary>
    /// <returns>The file, the book, and whether they are those of an earlier server.</returns>
    /// <param name="path">The file.</param>
    /// <param name="bookPath">Its book.</param>
    /// <param name="boot">The machine's start.</param>
    /// <param name="places">Places that it must have.</param>
    /// <param name="tightened">Takes what others could read, in words.</param>
    public static (FileStream File, LiveBook Book, bool IsContinued) OpenKept(
        string path, string bookPath, Guid boot, uint places, List<string> tightened)
    {
        if (TryContinue(path, bookPath, boot, places, tightened) is { } kept)
        {
            return (kept.File, kept.Book, true);
        }

        Guid id = Guid.NewGuid();
        DeleteOwn(path);
        DeleteBook(bookPath);
        FileStream file = Create(path, id, FileOptions.None);
        try
        {
            FileStream book = new(bookPath, Options(FileMode.CreateNew, FileOptions.None));
            try
            {
                return (file, LiveBook.Create(book, id, boot, places), false);
            }
            catch
            {
                book.Dispose();
                File.Delete(bookPath);
                throw;
            }
        }
        catch
        {
            file.Dispose();
            File.Delete(path);
            throw;
        }
    }

    /// <summary>The number of the spill file at a path.</summary>
    /// <returns>The number; all zeroes: there is no whole one.</returns>
    public static Guid IdOf(string path)
    {
        if (!File.Exists(path) || IsLink(path))
        {
            return Guid.Empty;
        }

        using FileStream file = new(path, Options(FileMode.Open, FileOptions.None));
        return IdOf(file.SafeFileHandle);
    }

    /// <summary>The number of an open spill file.</summary>
    public static Guid IdOf(SafeFileHandle file) => IsWhole(file, out Guid id) ? id : Guid.Empty;

    private static (FileStream File, LiveBook Book)? TryContinue(
        string path, string bookPath, Guid boot, uint places, List<string> tightened)
    {
        if (!File.Exists(path) || !File.Exists(bookPath) || IsLink(path) || IsLink(bookPath))
        {
            return null;
        }

        FileStream file = new(path, Options(FileMode.Open, FileOptions.None));
        FileStream? bookFile = null;
        LiveBook? book = null;
        try
        {
            if (!IsWhole(file.SafeFileHandle, out Guid id))
            {
                return null;
            }

            RequireOwn(path, file, tightened);

            // Errors of writing that the system has met and told nobody yet: then what the book says is not known. An
            // image is told by its checksum, so the file itself, which may be large, need not be waited for.
            bookFile = new FileStream(bookPath, Options(FileMode.Open, FileOptions.None));
            RequireOwn(bookPath, bookFile, tightened);
            book = IsOnDisk(bookFile) ? LiveBook.TryContinue(bookFile, id, boot, places) : null;
            return book is null ? null : (file, book);
        }
        finally
        {
            if (book is null)
            {
                bookFile?.Dispose();
                file.Dispose();
            }
        }
    }

    private static void RequireOwn(string path, FileStream file, List<string> tightened)
    {
        if (PrivateFile.Require(path, file.SafeFileHandle) is { } words)
        {
            tightened.Add(words);
        }
    }

    // Whatever else fails, as a disk without room for a longer book does, is no reason to give up what is there.
    private static bool IsOnDisk(FileStream book)
    {
        try
        {
            book.Flush(flushToDisk: true);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static bool IsWhole(SafeFileHandle file, out Guid id)
    {
        byte[] start = new byte[s_magic.Length + IdBytes];
        bool isWhole = RandomAccess.Read(file, start, 0) == start.Length
            && start.AsSpan(0, s_magic.Length).SequenceEqual(s_magic);
        id = new Guid(start.AsSpan(s_magic.Length));
        return isWhole;
    }

    private static FileStream Create(string path, Guid id, FileOptions more)
    {
        FileStream stream = new(path, Options(FileMode.CreateNew, more));
        try
        {
            // On the medium, so that a file which is longer than this and does not begin so is never one of ours.
            RandomAccess.Write(stream.SafeFileHandle, [.. s_magic, .. id.ToByteArray()], 0);
            stream.Flush(flushToDisk: true);
            return stream;
        }
        catch
        {
            stream.Dispose();
            File.Delete(path);
            throw;
        }
    }

    // Nobody else's to read, and one server's at a time.
    private static FileStreamOptions Options(FileMode mode, FileOptions more) => PrivateFile.Options(
        mode, FileAccess.ReadWrite, more: FileOptions.Asynchronous | FileOptions.RandomAccess | more);

    private static bool IsLink(string path) => new FileInfo(path).LinkTarget is not null;

    // An old file would keep its mode when opened for truncation, and a link would be followed: so it goes, and a new
    // one is made. Only what a server left behind is deleted.
    private static void DeleteOwn(string path)
    {
        if (File.Exists(path))
        {
            Require(path, s_magic.AsSpan(0, s_kindBytes), s_magic.Length + IdBytes, "spill file");
            File.Delete(path);
        }
    }

    private static void DeleteBook(string path)
    {
        if (File.Exists(path))
        {
            Require(path, LiveBook.Magic, int.MaxValue, "book of a spill file");
            File.Delete(path);
        }
    }

    private static void Require(string path, ReadOnlySpan<byte> magic, int longestBegun, string what)
    {
        byte[] start = new byte[StartBytes];
        int read = ReadStart(path, start);

        // Empty, or zeroes and no longer than it is then: a server was killed while it made it. Images of file systems
        // and discs begin with zeroes too.
        bool isBegun = read <= longestBegun && !start.AsSpan().ContainsAnyExcept((byte)0);
        if (!start.AsSpan().StartsWith(magic) && !isBegun)
        {
            throw new IOException($"'{path}' is there and is no {what}; remove it or name another path");
        }
    }

    // A device or a pipe may look empty, and is none of ours to delete: neither has a length that can be set.
    private static int ReadStart(string path, byte[] start)
    {
        try
        {
            // For writing too: for reading alone it would wait at a pipe. Not if another server has it.
            using SafeFileHandle old = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            int read = RandomAccess.Read(old, start, 0);
            if (read == 0)
            {
                RandomAccess.SetLength(old, 0);
            }

            return read;
        }
        catch (Exception failure) when (failure is NotSupportedException or ArgumentException)
        {
            throw new IOException($"'{path}' is no file; name another path", failure);
        }
    }
}
