using System.Globalization;
using System.Text;

namespace RemoteSwap.Credentials;

/// <summary>
/// Reads and writes files that hold a secret. One that others than its owner may read or change is refused: whoever has
/// read it acts for its owner, and nobody would notice.
/// <para>
/// What it is not: a safe. Root, and whoever can read this process's memory, have the secret anyway. The mode is taken
/// from the file that was opened, so one that is put in its place meanwhile is not read unseen.
/// </para>
/// </summary>
public static class SecretFile
{
    /// <summary>The largest secret that is read.</summary>
    public const int MaxBytes = 64 << 10;

    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead
        | UnixFileMode.OtherWrite;

    /// <summary>Reads a secret.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="what">What it is, for messages, such as <c>key file</c>.</param>
    /// <exception cref="CredentialException">It is not there, too large, or open to others.</exception>
    public static string Read(string path, string what)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (!OperatingSystem.IsWindows() && Problem(File.GetUnixFileMode(file.SafeFileHandle)) is { } problem)
            {
                throw new CredentialException($"{what} '{path}' {problem}");
            }

            byte[] bytes = new byte[MaxBytes + 1];
            int read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return read <= MaxBytes
                ? Encoding.UTF8.GetString(bytes, 0, read)
                : throw new CredentialException($"{what} '{path}' has more than {MaxBytes} bytes; it is no {what}");
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new CredentialException($"{what} '{path}' can not be read: {failed.Message}");
        }
    }

    /// <summary>What is wrong with a file's mode; null: nothing.</summary>
    /// <param name="path">A file that is there.</param>
    public static string? ModeProblem(string path) =>
        OperatingSystem.IsWindows() ? null : Problem(File.GetUnixFileMode(path));

    /// <summary>Writes a file that only its owner may read, where there is none yet.</summary>
    /// <param name="path">Where.</param>
    /// <param name="text">What.</param>
    /// <exception cref="IOException">It is there already, or can not be written.</exception>
    public static void Create(string path, string text) => Create(path, text, Owner);

    /// <summary>Writes a file that everybody may read, where there is none yet.</summary>
    /// <param name="path">Where.</param>
    /// <param name="text">What.</param>
    /// <exception cref="IOException">It is there already, or can not be written.</exception>
    public static void CreatePublic(string path, string text) =>
        Create(path, text, Owner | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

    private static void Create(string path, string text, UnixFileMode mode)
    {
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = mode;
        }

        using FileStream file = new(path, options);
        try
        {
            file.Write(Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }
        catch
        {
            // Half a file would be in the way of the next attempt.
            File.Delete(path);
            throw;
        }
    }

    private static string? Problem(UnixFileMode mode) => (mode & Others) == UnixFileMode.None
        ? null
        : $"has the mode {Octal(mode)}, so others than its owner may read or change it; chmod 600 it, and make a new "
            + "secret if somebody may have read it";

    private static string Octal(UnixFileMode mode) =>
        "0" + Convert.ToString((int)mode, 8).PadLeft(3, '0').ToString(CultureInfo.InvariantCulture);
}
