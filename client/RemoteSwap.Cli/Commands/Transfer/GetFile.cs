using RemoteSwap.Cli.App;
using RemoteSwap.Codec;
using RemoteSwap.Privacy;

namespace RemoteSwap.Cli.Commands.Transfer;

/// <summary>
/// A file that is made of pages. It gets its name only when it is complete: until then it is <c>NAME.part</c>, and a
/// failure removes that.
/// </summary>
internal sealed class GetFile : IDisposable
{
    private const string PartSuffix = ".part";

    private readonly FileStream _stream;
    private readonly string _partPath;
    private readonly bool _overwrite;
    private bool _isComplete;

    private GetFile(FileStream stream, string path, long bytes, bool overwrite)
    {
        _stream = stream;
        _partPath = path + PartSuffix;
        _overwrite = overwrite;
        Path = path;
        Bytes = bytes;
    }

    /// <summary>The path, as given.</summary>
    public string Path { get; }

    /// <summary>The size that it will have.</summary>
    public long Bytes { get; }

    /// <summary>Pages, the last one perhaps not full.</summary>
    public long Pages => (Bytes + PageSize.Bytes - 1) / PageSize.Bytes;

    /// <summary>Begins a file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="bytes">Its size.</param>
    /// <param name="overwrite">Whether it may take the place of another one.</param>
    /// <exception cref="CommandFailedException">It may not, or can not be made.</exception>
    public static GetFile Create(string path, long bytes, bool overwrite)
    {
        // A device would be replaced by a file, which nobody who names one means.
        if (Directory.Exists(path) || System.IO.Path.GetFullPath(path).StartsWith("/dev/", StringComparison.Ordinal))
        {
            throw CommandFailedException.Failed($"'{path}' is no regular file; give a file's name.");
        }

        if (File.Exists(path) && !overwrite)
        {
            throw CommandFailedException.Failed(
                $"'{path}' is there already; give --force to replace it, or another name.");
        }

        // Swapped-out memory is private, whatever else may be read here.
        FileStreamOptions options = PrivateFile.Options(
            FileMode.CreateNew, FileAccess.Write, more: FileOptions.Asynchronous);
        try
        {
            return new GetFile(new FileStream(path + PartSuffix, options), path, bytes, overwrite);
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new CommandFailedException(
                ExitCode.Permission, $"'{path}{PartSuffix}' can not be made: {denied.Message}", denied);
        }
        catch (IOException failed)
        {
            throw new CommandFailedException(
                ExitCode.Failed, $"'{path}{PartSuffix}' can not be made: {failed.Message}", failed);
        }
    }

    /// <summary>Writes pages; what is behind the file's size is left out.</summary>
    /// <param name="firstPage">The first page, from 0.</param>
    /// <param name="pages">The pages.</param>
    public async Task WriteAsync(long firstPage, ReadOnlyMemory<byte> pages)
    {
        long offset = firstPage * PageSize.Bytes;
        int bytes = (int)Math.Min(pages.Length, Bytes - offset);
        await RandomAccess.WriteAsync(_stream.SafeFileHandle, pages[..bytes], offset, CancellationToken.None);
    }

    /// <summary>Gives the file its name: all pages are written.</summary>
    /// <exception cref="CommandFailedException">Another file has got it meanwhile.</exception>
    public void Complete()
    {
        _stream.Dispose();
        if (!WholeFile.TryPublish(_partPath, Path, _overwrite))
        {
            throw CommandFailedException.Failed(
                $"'{Path}' is there by now; give --force to replace it, or another name.");
        }

        _isComplete = true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stream.Dispose();
        if (!_isComplete)
        {
            File.Delete(_partPath);
        }
    }
}
