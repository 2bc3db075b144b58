using RemoteSwap.Cli.App;
using RemoteSwap.Codec;

namespace RemoteSwap.Cli.Commands.Transfer;

/// <summary>A file to be put, as pages. Its size is taken once; a file that shrinks meanwhile is a failure.</summary>
internal sealed class PutFile : IDisposable
{
    private readonly FileStream _stream;

    private PutFile(FileStream stream, string path, long bytes)
    {
        _stream = stream;
        Path = path;
        Bytes = bytes;
    }

    /// <summary>The path, as given.</summary>
    public string Path { get; }

    /// <summary>The file's size.</summary>
    public long Bytes { get; }

    /// <summary>Pages, the last one perhaps not full.</summary>
    public long Pages => (Bytes + PageSize.Bytes - 1) / PageSize.Bytes;

    /// <summary>Opens a file.</summary>
    /// <exception cref="CommandFailedException">It is not there, may not be read, or has no size.</exception>
    public static PutFile Open(string path)
    {
        try
        {
            FileStream stream = new(path, new FileStreamOptions
            {
                Mode = FileMode.Open,
                Access = FileAccess.Read,
                // Whoever has it open may go on; that it shrinks is noticed.
                Share = FileShare.ReadWrite,
                BufferSize = 0,
                Options = FileOptions.Asynchronous,
            });

            // Devices, pipes and files of the kernel say 0, or nothing, and have bytes all the same.
            if (!stream.CanSeek || (stream.Length == 0 && stream.ReadByte() >= 0))
            {
                stream.Dispose();
                throw CommandFailedException.Failed(
                    $"'{path}' does not say its size (a device or a pipe?); copy it to a file first.");
            }

            return new PutFile(stream, path, stream.Length);
        }
        catch (UnauthorizedAccessException denied)
        {
            // Also what opening a directory ends in.
            throw new CommandFailedException(
                Directory.Exists(path) ? ExitCode.Failed : ExitCode.Permission,
                $"'{path}' can not be read: {denied.Message}",
                denied);
        }
        catch (IOException failed)
        {
            throw new CommandFailedException(ExitCode.Failed, $"'{path}' can not be read: {failed.Message}", failed);
        }
    }

    /// <summary>Reads pages; what is behind the end of the file is zero.</summary>
    /// <param name="firstPage">The first page, from 0.</param>
    /// <param name="room">Room for the pages.</param>
    /// <exception cref="CommandFailedException">The file is shorter than it was.</exception>
    public async Task ReadAsync(long firstPage, Memory<byte> room)
    {
        long offset = firstPage * PageSize.Bytes;
        int wanted = (int)Math.Min(room.Length, Bytes - offset);
        int have = 0;
        while (have < wanted)
        {
            int read = await RandomAccess.ReadAsync(
                _stream.SafeFileHandle, room[have..wanted], offset + have, CancellationToken.None);
            if (read == 0)
            {
                throw CommandFailedException.Failed(
                    $"'{Path}' became shorter while it was read: it ended at {offset + have} of {Bytes} bytes; put it "
                    + "again when nobody writes to it.");
            }

            have += read;
        }

        room.Span[wanted..].Clear();
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();
}
