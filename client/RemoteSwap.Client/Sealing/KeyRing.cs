using System.Security.Cryptography;
using RemoteSwap.Client.Sealing;

namespace RemoteSwap.Client;

/// <summary>
/// The data keys of one area: 32 random bytes each, numbered, wrapped by the user's key in a file on this machine. New
/// pages are sealed with the newest key; pages of the others stay readable.
/// <para>
/// Why on this machine and not on the server: what the server has been given it can keep. Here erasing the ring is the
/// end of its pages wherever copies of them lie, also for who has the user's key. The price: a virtual machine that
/// moves takes its ring along, as it takes its session file and its evicted pages.
/// </para>
/// <para>Lock: its own, around the keys. Waits for disks and the key command.</para>
/// </summary>
public sealed class KeyRing : IDisposable
{
    /// <summary>The most keys of a ring.</summary>
    public const int MaxKeys = 64;

    /// <summary>The greatest number of a key: 14 bits of a seal.</summary>
    internal const int MaxNumber = (1 << 14) - 1;

    private const int IdBytes = 16;

    private readonly Lock _gate = new();
    private readonly RingFile _file;
    private readonly string _tenant;
    private readonly uint _area;
    private readonly SortedDictionary<int, SecretBytes> _keys = [];
    private SealOptions _options;
    private RingDocument _document = null!;

    private KeyRing(SealOptions options, string tenant, uint area)
    {
        _options = options;
        _tenant = tenant;
        _area = area;
        _file = new RingFile(options.Rings, tenant, area);
    }

    /// <summary>The ring's file.</summary>
    public string Path => _file.Path;

    /// <summary>How many keys it has; 0: it was erased.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _keys.Count;
            }
        }
    }

    /// <summary>The number of the key for new pages.</summary>
    public int Current
    {
        get
        {
            lock (_gate)
            {
                return _document.Keys[^1].Number;
            }
        }
    }

    /// <summary>When the key for new pages was made.</summary>
    public DateTimeOffset Created => _document.Keys[^1].Created;

    /// <summary>Whether the ring was not there and has been made by opening it.</summary>
    internal bool IsNew { get; private set; }

    /// <summary>Opens an area's ring. It is made by the area's first use, and not by this.</summary>
    /// <param name="options">Which key, and where rings are.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="area">The area.</param>
    /// <exception cref="ArgumentException">Options are wrong.</exception>
    /// <exception cref="SealKeyException">There is none, or the key or the ring can not be used.</exception>
    public static KeyRing Open(SealOptions options, string tenant, uint area) =>
        Open(options, tenant, area, mayBegin: false);

    /// <summary>Erases an area's ring on the disk; the key is not needed for that, and not looked at.</summary>
    /// <param name="options">Where rings are.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="area">The area.</param>
    /// <returns>The path of the ring that was erased.</returns>
    /// <exception cref="ArgumentException">The options do not say where rings are.</exception>
    /// <exception cref="SealKeyException">There is none, or it can not be erased.</exception>
    public static string Erase(SealOptions options, string tenant, uint area)
    {
        RingFile file = new(FolderOf(options), tenant, area);
        if (!File.Exists(file.Path))
        {
            throw Missing(file.Path, tenant, area);
        }

        using RingLock held = file.Hold();
        file.Shred();
        return file.Path;
    }

    /// <summary>The path of an area's ring, whether there is one or not.</summary>
    /// <exception cref="ArgumentException">The options do not say where rings are.</exception>
    internal static string PathOf(SealOptions options, string tenant, uint area) =>
        new RingFile(FolderOf(options), tenant, area).Path;

    /// <summary>Opens an area's ring.</summary>
    /// <param name="options">Which key, and where rings are.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="area">The area.</param>
    /// <param name="mayBegin">
    /// Whether it is made where there is none. Not for who goes on with pages that are there: they would be noise, and
    /// a ring that was only out of reach would have another one in its place.
    /// </param>
    internal static KeyRing Open(SealOptions options, string tenant, uint area, bool mayBegin)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(tenant);
        List<string> errors = [];
        options.AddErrors(errors);
        if (errors.Count > 0)
        {
            throw new ArgumentException("The seal options are wrong: " + string.Join("; ", errors) + ".");
        }

        KeyRing ring = new(options, tenant, area);
        try
        {
            if (ring._file.Read() is { } document)
            {
                ring.Unwrap(document);
            }
            else if (!mayBegin)
            {
                throw ring.Missing();
            }
            else
            {
                ring.IsNew = ring.TryBegin(replaces: false);
                if (!ring.IsNew)
                {
                    // Somebody else has just made it.
                    ring.Unwrap(ring._file.Read() ?? throw new SealKeyException($"the key ring '{ring.Path}' is gone"));
                }
            }

            return ring;
        }
        catch
        {
            ring.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Adds a key, with which whoever opens the ring from now on seals new pages. Pages are not touched.
    /// <para>
    /// A ring that another process has changed or erased since it was opened, or is changing, is left as it is.
    /// </para>
    /// </summary>
    /// <exception cref="SealKeyException">
    /// It has the most keys already, has changed meanwhile, or can not be written.
    /// </exception>
    public void Rotate()
    {
        lock (_gate)
        {
            int number = _document.Keys[^1].Number + 1;
            if (_keys.Count >= MaxKeys || number > MaxNumber)
            {
                throw new SealKeyException(
                    $"the key ring '{Path}' has {_keys.Count} keys, the newest {number - 1}; begin the area anew,"
                    + " empty");
            }

            using SecretBytes userKey = UserKey(_document.WrappedUserKey);
            SecretBytes key = SecretBytes.Random();
            RingKeyDocument added = Wrap(userKey, key, number, DateTimeOffset.UtcNow);
            using RingLock held = _file.Hold();
            RequireUnchanged();
            Write(_document with { Keys = [.. _document.Keys, added] }, replaces: true);
            _keys.Add(number, key);
        }
    }

    /// <summary>
    /// Wraps the same keys with another user key, with which this object goes on. Pages are not touched. Of changes by
    /// others holds what <see cref="Rotate"/> says.
    /// </summary>
    /// <param name="options">The new key; its folder of rings does not count.</param>
    /// <exception cref="SealKeyException">
    /// The new key can not be used, or the ring has changed meanwhile, or can not be written.
    /// </exception>
    public void Rewrap(SealOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        lock (_gate)
        {
            using SecretBytes userKey = UserKeyFor(options, out string? wrappedUserKey);
            List<RingKeyDocument> keys = [];
            foreach (RingKeyDocument key in _document.Keys)
            {
                keys.Add(Wrap(userKey, _keys[key.Number], key.Number, key.Created));
            }

            using RingLock held = _file.Hold();
            RequireUnchanged();
            Write(_document with { WrappedUserKey = wrappedUserKey, Keys = keys }, replaces: true);
            _options = _options with
            {
                KeyFile = options.KeyFile,
                KeyCommand = options.KeyCommand,
                RingFolder = _options.Rings,
            };
        }
    }

    /// <summary>
    /// Erases the ring, here and on the disk: what was sealed with it is noise from now on. Another ring that has taken
    /// its place on the disk stays.
    /// </summary>
    /// <exception cref="SealKeyException">The file can not be read or deleted.</exception>
    public void Shred()
    {
        lock (_gate)
        {
            Forget();
            if (!File.Exists(Path))
            {
                return;
            }

            using RingLock held = _file.Hold();
            if (_file.Read()?.Id == _document.Id)
            {
                _file.Shred();
            }
        }
    }

    /// <summary>Lets go of the keys, and leaves the file.</summary>
    public void Dispose() => Forget();

    /// <summary>What is to be said where pages are, and not the ring they were sealed with.</summary>
    internal SealKeyException Missing() => Missing(Path, _tenant, _area);

    /// <summary>Erases all keys and begins with a new one, as an area does that begins empty.</summary>
    internal void BeginAnew()
    {
        lock (_gate)
        {
            using RingLock held = _file.Hold();
            Forget();
            _file.Shred();
            TryBegin(replaces: true);
        }
    }

    /// <summary>Derives a key from a data key (HKDF-SHA256, RFC 5869).</summary>
    /// <param name="number">The data key's number.</param>
    /// <param name="salt">The salt.</param>
    /// <param name="info">What for.</param>
    /// <param name="derived">Gets the key.</param>
    /// <returns>Whether the ring has the data key.</returns>
    internal bool TryDerive(int number, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> info, Span<byte> derived)
    {
        lock (_gate)
        {
            if (!_keys.TryGetValue(number, out SecretBytes? key))
            {
                return false;
            }

            HKDF.DeriveKey(HashAlgorithmName.SHA256, key.Span, derived, salt, info);
            return true;
        }
    }

    private static SealKeyException Missing(string path, string tenant, uint area) => new(
        $"there is no key ring '{path}' for the pages of tenant '{tenant}', area {area}: bring it from where they were"
        + " stored, or begin the area empty");

    private static string FolderOf(SealOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return string.IsNullOrEmpty(options.RingFolder) && string.IsNullOrEmpty(options.KeyFile)
            ? throw new ArgumentException("The seal options do not say where key rings are.", nameof(options))
            : options.Rings;
    }

    private static IEnumerable<string> Marks(RingDocument ring) => ring.Keys
        .OrderBy(static key => key.Number)
        .Select(static key => $"{key.Number} {Convert.ToHexString(key.Wrapped)}");

    private void RequireUnchanged()
    {
        // The wrapped bytes too: else a ring that another process wrapped anew would get its former user key back.
        if (_file.Read() is not { } now
            || now.Id != _document.Id
            || now.WrappedUserKey != _document.WrappedUserKey
            || !Marks(now).SequenceEqual(Marks(_document), StringComparer.Ordinal))
        {
            throw new SealKeyException($"the key ring '{Path}' has changed meanwhile; try again");
        }
    }

    private void Forget()
    {
        lock (_gate)
        {
            foreach (SecretBytes key in _keys.Values)
            {
                key.Dispose();
            }

            _keys.Clear();
        }
    }

    private bool TryBegin(bool replaces)
    {
        using SecretBytes userKey = UserKeyFor(_options, out string? wrappedUserKey);
        SecretBytes key = SecretBytes.Random();
        string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
        _document = new RingDocument(RingDocument.CurrentSchema, _tenant, _area, id, wrappedUserKey, []);
        _keys.Add(1, key);
        bool isWritten = Write(
            _document with { Keys = [Wrap(userKey, key, 1, DateTimeOffset.UtcNow)] }, replaces);
        if (!isWritten)
        {
            Forget();
        }

        return isWritten;
    }

    private void Unwrap(RingDocument document)
    {
        if (document.Tenant != _tenant || document.Area != _area || document.Keys.Count > MaxKeys)
        {
            throw new SealKeyException(
                $"the key ring '{Path}' is of tenant '{document.Tenant}', area {document.Area}, with"
                + $" {document.Keys.Count} keys; it must be of tenant '{_tenant}', area {_area}");
        }

        _document = document with { Keys = [.. document.Keys.OrderBy(static key => key.Number)] };
        using SecretBytes userKey = UserKey(document.WrappedUserKey);
        foreach (RingKeyDocument key in document.Keys)
        {
            SecretBytes? unwrapped = key.Number is > 0 and <= MaxNumber
                ? KeyWrap.Unwrap(userKey, key.Wrapped, ContextOf(key.Number))
                : null;
            if (unwrapped is null || !_keys.TryAdd(key.Number, unwrapped))
            {
                throw new SealKeyException(
                    $"key {key.Number} of the key ring '{Path}' does not open: it was wrapped by another user key, or"
                    + " the file was changed");
            }
        }
    }

    private bool Write(RingDocument document, bool replaces)
    {
        bool isWritten = _file.TryWrite(document, replaces);
        _document = isWritten ? document : _document;
        return isWritten;
    }

    private RingKeyDocument Wrap(SecretBytes userKey, SecretBytes key, int number, DateTimeOffset created) =>
        new(number, created, KeyWrap.Wrap(userKey, key, ContextOf(number)));

    private byte[] ContextOf(int number) =>
        KeyWrap.ContextOf(Convert.FromHexString(_document.Id), _tenant, _area, number);

    // The user's key of a ring that is there.
    private SecretBytes UserKey(string? wrapped) => (wrapped, _options.KeyCommand, _options.KeyFile) switch
    {
        (not null, { } program, _) => new KeyCommand(program, _tenant, _area).Unwrap(wrapped),
        (null, _, { } path) => KeyFile.Read(path),
        (not null, _, _) => throw new SealKeyException($"the key ring '{Path}' needs the key command it was made with"),
        _ => throw new SealKeyException($"the key ring '{Path}' needs the key file it was made with"),
    };

    private SecretBytes UserKeyFor(SealOptions options, out string? wrapped)
    {
        wrapped = null;
        if (options.KeyFile is { } path)
        {
            return KeyFile.Read(path);
        }

        SecretBytes key = SecretBytes.Random();
        wrapped = new KeyCommand(options.KeyCommand!, _tenant, _area).Wrap(key);
        return key;
    }
}
