using Microsoft.Win32.SafeHandles;

namespace RemoteSwap.Store;

/// <summary>
/// Writes images one behind the other: groups of two megabytes, asynchronously, a few at once. Not thread-safe.
/// </summary>
internal sealed class ImageWriter : IDisposable
{
    /// <summary>Groups that are written at once.</summary>
    private const int MaxWritesInFlight = 4;

    private readonly SafeFileHandle _file;
    private readonly ulong _drain;
    private readonly Action<long> _written;
    private readonly Queue<(Task Write, ImageGroup Group)> _inFlight = new(MaxWritesInFlight);
    private readonly Queue<ImageGroup> _free = new(MaxWritesInFlight);
    private ImageGroup _group = new();
    private long _groups;

    /// <summary>Makes the file, or empties it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="drain">The drain's number, which every image is bound to.</param>
    /// <param name="written">Is told how many images are written.</param>
    public ImageWriter(string path, ulong drain, Action<long> written)
    {
        File.Delete(path);
        _drain = drain;
        _written = written;
        using (FileStream made = new(path, DurableFile.Options(FileMode.CreateNew)))
        {
            // Made for its owner only; a handle can not be asked for that.
        }

        _file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, FileOptions.Asynchronous);
    }

    /// <summary>Images so far.</summary>
    public long Images { get; private set; }

    /// <summary>The group that is being filled; it has room.</summary>
    public ImageGroup Group => _group;

    /// <summary>Takes images that were put into the group: seals them, and writes the group when it is full.</summary>
    public async ValueTask TakeAsync(int images)
    {
        for (int image = _group.Count; image < _group.Count + images; image++)
        {
            FrameImage.Seal(_group.Frame(image), _group.Header(image), _drain);
        }

        _group.Count += images;
        Images += images;
        if (_group.Room == 0)
        {
            await WriteGroupAsync();
        }
    }

    /// <summary>Writes what is left, and puts all of it on the medium.</summary>
    public async Task EndAsync()
    {
        if (_group.Count > 0)
        {
            await WriteGroupAsync();
        }

        while (_inFlight.Count > 0)
        {
            await WaitForOneAsync();
        }

        await Task.Run(() => RandomAccess.FlushToDisk(_file));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // What is still written has to end before its file does.
        foreach ((Task write, _) in _inFlight)
        {
            ((IAsyncResult)write).AsyncWaitHandle.WaitOne();
        }

        _file.Dispose();
    }

    private async ValueTask WriteGroupAsync()
    {
        ImageGroup group = _group;
        group.ClearUnused();
        Task write = RandomAccess.WriteAsync(_file, group.Written, ImageGroup.OffsetOf(_groups++)).AsTask();
        _inFlight.Enqueue((write, group));
        if (_inFlight.Count == MaxWritesInFlight)
        {
            await WaitForOneAsync();
        }

        _group = _free.TryDequeue(out ImageGroup? free) ? free : new ImageGroup();
        _group.Count = 0;
    }

    private async Task WaitForOneAsync()
    {
        (Task write, ImageGroup group) = _inFlight.Dequeue();
        await write;
        _free.Enqueue(group);
        _written(group.Count);
    }
}
