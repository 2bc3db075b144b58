namespace RemoteSwap.EndToEnd.Tests.Processes;

/// <summary>A control group with a limit of memory, of whichever version the machine has, gone with the test.</summary>
internal sealed class MemoryGroup : IAsyncDisposable
{
    private const string Mount = "/sys/fs/cgroup";
    private const int MostTries = 200;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);
    private readonly string _folder;

    private MemoryGroup(string folder) => _folder = folder;

    /// <summary>Its name, as the system has it.</summary>
    public string Name => $"/{Path.GetFileName(_folder)}";

    /// <summary>The file that takes the numbers of processes.</summary>
    public string ProcessesFile => Path.Combine(_folder, "cgroup.procs");

    /// <summary>Makes a group; null: this machine, or this user, can not.</summary>
    public static MemoryGroup? TryCreate(long limitBytes)
    {
        string name = $"remoteswap-test-{Guid.NewGuid():N}";
        (string Parent, string Limit)[] versions =
            [($"{Mount}/memory", "memory.limit_in_bytes"), (Mount, "memory.max")];
        foreach ((string parent, string limit) in versions)
        {
            string folder = Path.Combine(parent, name);
            try
            {
                if (!File.Exists(Path.Combine(parent, "cgroup.procs")))
                {
                    continue;
                }

                Directory.CreateDirectory(folder);
                File.WriteAllText(Path.Combine(folder, limit), $"{limitBytes}");
                return new MemoryGroup(folder);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // Read-only, not ours, or without the memory controller.
                if (Directory.Exists(folder))
                {
                    Directory.Delete(folder);
                }
            }
        }

        return null;
    }

    /// <summary>Removes the group, as soon as the system has seen the end of its processes.</summary>
    public async ValueTask DisposeAsync()
    {
        for (int tries = 1; Directory.Exists(_folder); tries++)
        {
            try
            {
                Directory.Delete(_folder);
            }
            catch (IOException) when (tries < MostTries)
            {
                await Task.Delay(s_pause);
            }
        }
    }
}
