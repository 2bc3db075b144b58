namespace RemoteSwap.Cli.Tests.Support;

/// <summary>A folder that is gone with the test.</summary>
internal sealed class TempFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("remoteswap-cli-");

    /// <summary>A path in it.</summary>
    public string File(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>The folder itself.</summary>
    public string Root => _folder.FullName;

    /// <summary>Makes a file of bytes that do not compress.</summary>
    public string Random(string name, int bytes, int seed = 1)
    {
        byte[] content = new byte[bytes];
        new Random(seed).NextBytes(content);
        System.IO.File.WriteAllBytes(File(name), content);
        return File(name);
    }

    /// <summary>Makes a text file, with the folders on the way to it.</summary>
    public void Text(string name, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File(name))!);
        System.IO.File.WriteAllText(File(name), content);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
