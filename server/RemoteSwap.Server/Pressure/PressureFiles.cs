using RemoteSwap.Units;

namespace RemoteSwap.Server.Pressure;

/// <summary>
/// Where the system says how short of memory it is: the limits of this process's control group and of those above it
/// (version 2, or the memory controller of version 1), and how long tasks wait for memory: of the group where it tells,
/// else of the machine.
/// <para>Found once, read as often as wanted. In a container the group's own folder is the root of what is seen.</para>
/// </summary>
internal sealed class PressureFiles
{
    private const int MaxDepth = 32;
    private const string MemoryController = "memory";

    private readonly List<ControlGroup> _groups = [];
    private readonly string? _pressure;

    private PressureFiles(string root)
    {
        string mount = Path.Combine(root, "sys/fs/cgroup");
        string? ownPressure = null;
        foreach (string line in SystemFile.TryRead(Path.Combine(root, "proc/self/cgroup"))?.Split('\n') ?? [])
        {
            // number:controllers:path; version 2 has the number 0 and names no controllers.
            string[] parts = line.Split(':', 3);
            if (parts.Length < 3)
            {
                continue;
            }

            bool isUnified = parts[0] == "0" && parts[1].Length == 0;
            if (isUnified || parts[1].Split(',').Contains(MemoryController))
            {
                // Beside version 1, version 2 has a place of its own and not this controller.
                string hybrid = Path.Combine(mount, "unified");
                string top = !isUnified ? Path.Combine(mount, MemoryController)
                    : Directory.Exists(hybrid) ? hybrid
                    : mount;
                ControlGroup? own = AddGroups(top, parts[2].Trim(), isUnified);
                ownPressure ??= isUnified ? own?.PressureFile : null;
            }
        }

        string[] candidates = [ownPressure ?? "", Path.Combine(root, "proc/pressure/memory")];
        _pressure = candidates.FirstOrDefault(
            file => file.Length > 0 && SystemFile.TryRead(file) is { } text && MemoryStalls.Parse(text) is not null);
    }

    /// <summary>Whether the system tells anything that may ever be acted upon.</summary>
    public bool TellAnything => _pressure is not null || Read().Level is not null;

    /// <summary>What is watched, for a person.</summary>
    public string Description
    {
        get
        {
            string limit = Read().Level is { } level
                ? $"control group {level.Name} ({new ByteSize(level.LimitBytes)})"
                : "no limit of a control group";
            return $"{limit}; {_pressure ?? "no pressure file"}";
        }
    }

    /// <summary>Finds the files.</summary>
    /// <param name="root">The root folder; for tests, another one.</param>
    public static PressureFiles Find(string root = "/") => new(root);

    /// <summary>Reads them.</summary>
    public PressureReading Read()
    {
        MemoryLevel? tightest = null;
        foreach (ControlGroup group in _groups)
        {
            if (group.Read() is { } level && (tightest is not { } least || Room(level) < Room(least)))
            {
                tightest = level;
            }
        }

        MemoryStalls? stalls = _pressure is null || SystemFile.TryRead(_pressure) is not { } text
            ? null
            : MemoryStalls.Parse(text);
        return new PressureReading(tightest, stalls);
    }

    private static long Room(MemoryLevel level) => level.LimitBytes - level.UsedBytes;

    // The process's own group and those above; the path may be one that only the machine outside of a container knows.
    private ControlGroup? AddGroups(string top, string path, bool isUnified)
    {
        ControlGroup? own = null;
        string name = Directory.Exists(Path.Combine(top, path.TrimStart('/'))) ? path : "/";
        for (int depth = 0; depth < MaxDepth && Directory.Exists(top); depth++)
        {
            ControlGroup group = new(name, Path.Combine(top, name.TrimStart('/')), isUnified);
            own ??= group;
            _groups.Add(group);
            if (name.Length <= 1)
            {
                break;
            }

            int slash = name.LastIndexOf('/');
            name = slash <= 0 ? "/" : name[..slash];
        }

        return own;
    }
}
