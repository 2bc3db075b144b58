using System.Globalization;
using RemoteSwap.Cli.App;

namespace RemoteSwap.Cli.Commands.Nbd;

/// <summary>A file with the process id: there while clients can connect, written whole or not at all.</summary>
internal sealed class PidFile : IDisposable
{
    private readonly string _path;

    private PidFile(string path) => _path = path;

    /// <summary>Writes it.</summary>
    /// <exception cref="CommandFailedException">It can not be written.</exception>
    public static PidFile Write(string path)
    {
        string whole = $"{path}.{Environment.ProcessId}.new";
        try
        {
            File.WriteAllText(whole, Text() + "\n");
            File.Move(whole, path, overwrite: true);
            return new PidFile(path);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw CommandFailedException.Failed($"--pid-file '{path}' can not be written: {failed.Message}");
        }
    }

    /// <summary>Removes it, unless another process has put its own there since.</summary>
    public void Dispose()
    {
        if (File.Exists(_path) && File.ReadAllText(_path).TrimEnd() == Text())
        {
            File.Delete(_path);
        }
    }

    private static string Text() => Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
}
