using Microsoft.Win32.SafeHandles;

namespace RemoteSwap.Store;

/// <summary>Reads drained images group by group, the next ones while one is worked off. Not thread-safe.</summary>
internal sealed class ImageReader : IDisposable
{
    /// <summary>Groups that are read ahead.</summary>
    private const int MaxReadsInFlight = 3;

    // Null: it is not there, and that was given up.
    private readonly SafeFileHandle? _file;
    private readonly long _images;
    private readonly Queue<(Task<bool> Read, ImageGroup Group)> _inFlight = new(MaxReadsInFlight);
    private ImageGroup? _free;
    private long _next;

    /// <summary>Opens the file; of one that is not there no image can be read.</summary>
    /// <param name="path">The file.</param>
    /// <param name="images">Images that are in it.</param>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public ImageReader(string path, long images)
    {
        _images = images;
        _file = File.Exists(path)
            ? File.OpenHandle(
                path,
                FileMode.Open,
                FileAccess.Read,
                FileShare.Read,
                FileOptions.Asynchronous | FileOptions.SequentialScan)
            : null;
    }

    /// <summary>Reads the next group.</summary>
    /// <returns>
    /// The group, which is used again after the next call, and whether it could be read; null: there are no more.
    /// </returns>
    public async ValueTask<(ImageGroup Group, bool IsRead)?> ReadAsync()
    {
        while (_inFlight.Count < MaxReadsInFlight && _next * ImageGroup.Images < _images)
        {
            ImageGroup group = _free ?? new ImageGroup();
            _free = null;
            group.Count = (int)Math.Min(ImageGroup.Images, _images - (_next * ImageGroup.Images));
            _inFlight.Enqueue((ReadAsync(group, ImageGroup.OffsetOf(_next++)), group));
        }

        if (!_inFlight.TryDequeue(out (Task<bool> Read, ImageGroup Group) oldest))
        {
            return null;
        }

        bool isRead = await oldest.Read;
        _free = oldest.Group;
        return (oldest.Group, isRead);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((Task<bool> read, _) in _inFlight)
        {
            ((IAsyncResult)read).AsyncWaitHandle.WaitOne();
        }

        _file?.Dispose();
    }

    private async Task<bool> ReadAsync(ImageGroup group, long offset)
    {
        if (_file is null)
        {
            return false;
        }

        Memory<byte> rest = group.Written;
        try
        {
            while (rest.Length > 0)
            {
                int read = await RandomAccess.ReadAsync(_file, rest, offset);
                if (read == 0)
                {
                    return false;
                }

                rest = rest[read..];
                offset += read;
            }

            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
