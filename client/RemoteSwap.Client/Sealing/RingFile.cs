using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using RemoteSwap.Privacy;

namespace RemoteSwap.Client.Sealing;

/// <summary>
/// The file of a key ring: read whole, written beside and renamed, so that a crash leaves the old or the new one. Two
/// processes of one area read the same ring; who makes the first one wins, and who changes one that is there holds it
/// meanwhile.
/// </summary>
internal sealed class RingFile
{
    private const int MaxBytes = 256 << 10;
    private const string LeftOver = ".*-*";

    private readonly string _folder;

    /// <summary>Names the file of an area's ring.</summary>
    public RingFile(string folder, string tenant, uint area)
    {
        // A tenant may have any name, a file not.
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(tenant));
        string name = Convert.ToHexStringLower(hash.AsSpan(0, sizeof(ulong)));
        _folder = folder;
        Path = System.IO.Path.Combine(folder, $"{name}-{area.ToString(CultureInfo.InvariantCulture)}.ring");
    }

    /// <summary>Its path.</summary>
    public string Path { get; }

    /// <summary>Reads the ring; null: there is none.</summary>
    /// <exception cref="SealKeyException">It can not be read.</exception>
    public RingDocument? Read()
    {
        try
        {
            using FileStream file = File.OpenRead(Path);
            if (file.Length > MaxBytes)
            {
                throw new SealKeyException($"'{Path}' has {file.Length} bytes and is no key ring");
            }

            RingDocument ring = RingJson.Read(file);
            return ring is { Schema: RingDocument.CurrentSchema, Keys.Count: > 0 }
                ? ring
                : throw new SealKeyException($"'{Path}' is no key ring of this version");
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception failure) when (
            failure is IOException or UnauthorizedAccessException or JsonException or FormatException)
        {
            throw new SealKeyException($"the key ring '{Path}' can not be read: {failure.Message}", failure);
        }
    }

    /// <summary>Keeps others from changing the ring, until it is disposed.</summary>
    /// <exception cref="SealKeyException">Somebody else is changing it, or its lock can not be opened.</exception>
    public RingLock Hold()
    {
        try
        {
            PrivateFile.MakeFolder(_folder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw NotWritten(failure);
        }

        return RingLock.Take(Path);
    }

    /// <summary>Writes the ring.</summary>
    /// <param name="ring">It.</param>
    /// <param name="replaces">Whether it replaces one; else somebody else's stays that is there by now.</param>
    /// <returns>Whether it is there.</returns>
    /// <exception cref="SealKeyException">It can not be written.</exception>
    public bool TryWrite(RingDocument ring, bool replaces)
    {
        string written = $"{Path}.{Environment.ProcessId}-{Guid.NewGuid():n}";
        bool isWritten = false;
        try
        {
            PrivateFile.MakeFolder(_folder);
            using (FileStream file = new(
                written, PrivateFile.Options(FileMode.CreateNew, FileAccess.Write, FileShare.Read)))
            {
                RingJson.Write(file, ring);
                file.Flush(flushToDisk: true);
            }

            isWritten = WholeFile.TryPublish(written, Path, replaces);
            return isWritten;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw NotWritten(failure);
        }
        finally
        {
            if (!isWritten)
            {
                Discard(written);
            }
        }
    }

    /// <summary>Overwrites the ring and deletes it, and what writers that were killed have left beside it. On a medium
    /// that writes elsewhere than it is told, its bytes may outlive that.</summary>
    /// <exception cref="SealKeyException">It can not be deleted.</exception>
    public void Shred()
    {
        try
        {
            Erase(Path);
            if (Directory.Exists(_folder))
            {
                Array.ForEach(
                    Directory.GetFiles(_folder, System.IO.Path.GetFileName(Path) + LeftOver), Erase);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SealKeyException(
                $"the key ring '{Path}' can not be erased: {failure.Message}; erase it by hand", failure);
        }
    }

    private SealKeyException NotWritten(Exception failure) => new(
        $"the key ring '{Path}' can not be written: {failure.Message}; name another folder", failure);

    private static void Erase(string path)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Write, FileShare.Read, bufferSize: 0);
            file.Write(RandomNumberGenerator.GetBytes((int)Math.Min(file.Length, MaxBytes)));
            file.Flush(flushToDisk: true);
            File.Delete(path);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            // Gone is gone.
        }
    }

    private static void Discard(string written)
    {
        try
        {
            File.Delete(written);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Why the ring was not written is said already; the next erasure finds it.
        }
    }
}
