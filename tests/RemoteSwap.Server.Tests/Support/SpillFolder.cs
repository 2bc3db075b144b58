namespace RemoteSwap.Server.Tests.Support;

/// <summary>A folder for a spill file, gone with the test.</summary>
internal sealed class SpillFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("remoteswap-test-");

    /// <summary>Path of the spill file.</summary>
    public string File => Path.Combine(_folder.FullName, "spill");

    /// <summary>Settings of a server that spills there.</summary>
    public string[] Settings(string limit) => [$"--spill={File}", $"--spill-limit={limit}"];

    public void Dispose() => _folder.Delete(recursive: true);
}
