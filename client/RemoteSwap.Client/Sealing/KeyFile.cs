using System.Security.Cryptography;

namespace RemoteSwap.Client.Sealing;

/// <summary>The user's key in a file. Reads it once; keeps nothing.</summary>
internal static class KeyFile
{
    private const int MaxBytes = 4096;

    private const UnixFileMode OthersRights = UnixFileMode.GroupRead | UnixFileMode.GroupWrite
        | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Reads the key.</summary>
    /// <exception cref="SealKeyException">There is none, or others have rights to it.</exception>
    public static SecretBytes Read(string path)
    {
        byte[] text = GC.AllocateArray<byte>(MaxBytes, pinned: true);
        SecretBytes key = new();
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            UnixFileMode mode = OperatingSystem.IsWindows()
                ? UnixFileMode.None
                : File.GetUnixFileMode(file.SafeFileHandle);
            if ((mode & OthersRights) != UnixFileMode.None)
            {
                throw new SealKeyException(
                    $"the key file '{path}' has mode {Convert.ToString((int)mode, 8)}, which lets others at the key;"
                    + " chmod 600 it, and make a new key if others may have read this one");
            }

            int read = file.ReadAtLeast(text, MaxBytes, throwOnEndOfStream: false);
            return KeyText.TryRead(text.AsSpan(0, read), key.Span)
                ? key
                : throw new SealKeyException(
                    $"the key file '{path}' has {read} bytes that are no key; it must have 32 random bytes, or their"
                    + " Base64 or hexadecimal (head -c 32 /dev/urandom)");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            key.Dispose();
            throw new SealKeyException($"the key file '{path}' can not be read: {failure.Message}", failure);
        }
        catch (SealKeyException)
        {
            key.Dispose();
            throw;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }
}
