namespace RemoteSwap.Telemetry.Tests.Processes;

/// <summary>A folder that is gone with the test.</summary>
internal sealed class TempFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("remoteswap-telemetry-");

    public string Root => _folder.FullName;

    /// <summary>A path in it.</summary>
    public string File(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>A folder in it.</summary>
    public string Folder(string name) => _folder.CreateSubdirectory(name).FullName;

    public void Dispose()
    {
        if (Directory.Exists(Root))
        {
            _folder.Delete(recursive: true);
        }
    }
}
