using Microsoft.Win32.SafeHandles;
using RemoteSwap.Privacy;

namespace RemoteSwap.Store;

/// <summary>
/// What outlives a server, in a folder of its own: who owns which area (<see cref="AreaBook"/>), and after a drain the
/// pages. Whoever opens it learns how the last life ended, and thereby which life this one is.
/// <code>
/// lock     held while a server runs, so that no two share the folder
/// areas    the book of areas, and after a drain the mark that names it
/// images   after a drain: all frames, and what of the indexes stands in no frame
/// drained  after a drain: the manifest of the images
/// </code>
/// <para>
/// A life that ended with a drain goes on: its incarnation stays, since its pages do. Any other end is a crash: a new
/// incarnation, and areas keep their owners but not what was in memory. The mark is consumed by
/// <see cref="AreaBook.Begin"/>, before anything is served.
/// </para>
/// <para>
/// Not for others to read: sessions' tokens stand in it, and pages. Files are made for their owner only, and those that
/// are there must be that user's own (<see cref="PrivateFile"/>). What it is not: a database. It is read whole at the
/// start and lies in memory as objects, one an area that ever had an owner.
/// </para>
/// </summary>
public sealed class StateFolder : IDisposable
{
    private const string LockName = "lock";
    private const string AreasName = "areas";
    private const string ImagesName = "images";
    private const string ManifestName = "drained";

    private readonly SafeFileHandle _lock;

    private StateFolder(
        string path, SafeFileHandle held, AreaBook areas, TimeProvider time, IReadOnlyList<string> tightened)
    {
        Tightened = tightened;
        Path = path;
        _lock = held;
        Areas = areas;
        WasDrained = areas.Drain is not null;
        Incarnation = WasDrained ? areas.LastLife : Incarnation.BeginAfter(areas.Newest, time);
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>What others could read and can not any more, in words.</summary>
    public IReadOnlyList<string> Tightened { get; }

    /// <summary>This life: that of the server which was drained, or one that begins.</summary>
    public Incarnation Incarnation { get; }

    /// <summary>Whether the last life ended with a drain, so that this one is its continuation.</summary>
    public bool WasDrained { get; }

    /// <summary>Where a drain writes images.</summary>
    internal string ImagesPath => System.IO.Path.Combine(Path, ImagesName);

    /// <summary>Where it says what it wrote.</summary>
    internal string ManifestPath => System.IO.Path.Combine(Path, ManifestName);

    /// <summary>Who owns which area.</summary>
    internal AreaBook Areas { get; }

    /// <summary>Opens the folder, if no server has it.</summary>
    /// <param name="path">The folder; it must exist.</param>
    /// <param name="time">The clock, for the number of a new life.</param>
    /// <exception cref="StateException">It cannot be used.</exception>
    public static StateFolder Open(string path, TimeProvider time)
    {
        SafeFileHandle? held = null;
        try
        {
            List<string> tightened = [];
            Add(tightened, PrivateFile.RequireFolder(path));
            held = Lock(path, tightened);
            foreach (string name in new[] { AreasName, ImagesName, ManifestName })
            {
                RequireOwn(System.IO.Path.Combine(path, name), tightened);
            }

            AreaBook areas = AreaBook.Open(System.IO.Path.Combine(path, AreasName));
            return new StateFolder(path, held, areas, time, tightened);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or StateException)
        {
            held?.Dispose();
            throw failure as StateException
                ?? new StateException($"'{path}' cannot be used: {failure.Message}", failure);
        }
    }

    /// <summary>Deletes what a drain wrote. If that fails it lies there without use; the mark is what counts.</summary>
    internal void DeleteImages()
    {
        try
        {
            File.Delete(ManifestPath);
            File.Delete(ImagesPath);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The next drain writes over it.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Areas.Dispose();
        _lock.Dispose();
    }

    // The system lets go of it when the process ends, however it ends.
    private static SafeFileHandle Lock(string path, List<string> tightened)
    {
        SafeFileHandle held = Lock(path);
        try
        {
            Add(tightened, PrivateFile.Require(System.IO.Path.Combine(path, LockName), held));
            return held;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    private static void RequireOwn(string path, List<string> tightened)
    {
        if (File.Exists(path))
        {
            using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            Add(tightened, PrivateFile.Require(path, file));
        }
    }

    private static void Add(List<string> tightened, string? words)
    {
        if (words is not null)
        {
            tightened.Add(words);
        }
    }

    private static SafeFileHandle Lock(string path)
    {
        string file = System.IO.Path.Combine(path, LockName);
        try
        {
            using FileStream made = new(file, DurableFile.Options(FileMode.OpenOrCreate));
            made.Dispose();
            return File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException failure) when (failure is not (DirectoryNotFoundException or PathTooLongException))
        {
            throw new StateException($"'{path}' is in use by another server; each needs a folder of its own", failure);
        }
    }
}
