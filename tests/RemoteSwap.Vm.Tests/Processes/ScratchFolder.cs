namespace RemoteSwap.Vm.Tests.Processes;

/// <summary>A folder for sockets and process ids, gone in the end.</summary>
internal sealed class ScratchFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("vm-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
