namespace RemoteSwap.Server.Tests.Pressure;

/// <summary>A folder that looks like a system's root, with the files that tell how short of memory it is.</summary>
internal sealed class SystemFolder : IDisposable
{
    private const string Group = "sys/fs/cgroup/app.slice/pages.service";
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("remoteswap-pressure-");

    public string Root => _root.FullName;

    /// <summary>A machine with version 2 of control groups, and this process in one of them.</summary>
    public static SystemFolder WithGroup(string limit, long used, long cache = 0)
    {
        SystemFolder system = new();
        system.Write("proc/self/cgroup", "0::/app.slice/pages.service\n");
        system.SetGroup(limit, used, cache);
        return system;
    }

    /// <summary>Sets the group's figures.</summary>
    public void SetGroup(string limit, long used, long cache = 0)
    {
        Write($"{Group}/memory.max", $"{limit}\n");
        Write($"{Group}/memory.current", $"{used + cache}\n");
        Write($"{Group}/memory.stat", $"anon {used}\nfile {cache}\ninactive_file {cache}\nactive_file 0\n");
    }

    /// <summary>Sets the machine's stalls.</summary>
    public void SetStalls(double some, double full = 0) => Write("proc/pressure/memory", Stalls(some, full));

    /// <summary>Sets the group's stalls.</summary>
    public void SetGroupStalls(double some, double full = 0) => Write($"{Group}/memory.pressure", Stalls(some, full));

    /// <summary>Writes a file of the system.</summary>
    public void Write(string path, string text)
    {
        string file = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    public void Dispose() => _root.Delete(recursive: true);

    private static string Stalls(double some, double full) => FormattableString.Invariant(
        $"some avg10={some:0.00} avg60=0.00 total=1\nfull avg10={full:0.00} avg60=0.00 total=1\n");
}
