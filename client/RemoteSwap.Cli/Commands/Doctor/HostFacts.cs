using System.Globalization;

namespace RemoteSwap.Cli.Commands.Doctor;

/// <summary>What the kernel says of this process and host, read from <c>/proc</c>. Judges nothing.</summary>
/// <param name="root">The folder under which <c>proc</c> lies.</param>
internal sealed class HostFacts(string root)
{
    /// <summary>A soft limit of this process.</summary>
    /// <param name="name">Its name in <c>/proc/self/limits</c>, such as <c>Max open files</c>.</param>
    /// <returns>The limit, <see cref="long.MaxValue"/> where there is none; null: the kernel does not tell.</returns>
    public long? SoftLimit(string name)
    {
        foreach (string line in Lines("proc/self/limits"))
        {
            if (line.StartsWith(name, StringComparison.Ordinal))
            {
                string soft = line[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
                return soft == "unlimited" ? long.MaxValue : ParseNumber(soft);
            }
        }

        return null;
    }

    /// <summary>A number of <c>/proc/sys</c>; null: there is none.</summary>
    /// <param name="name">Its path below <c>/proc/sys</c>.</param>
    public long? Setting(string name) =>
        Lines(Path.Combine("proc/sys", name)) is [string first, ..] ? ParseNumber(first) : null;

    /// <summary>Paths of the swap devices and files in use.</summary>
    public IReadOnlyList<string> Swaps() =>
    [
        .. Lines("proc/swaps").Skip(1)
            .Select(line => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields.Length > 0)
            .Select(fields => fields[0]),
    ];

    private string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(Path.Combine(root, path));
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            // A container may hide it; the check then says that it does not know.
            return [];
        }
    }

    private static long? ParseNumber(string text) =>
        long.TryParse(text, NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out long number)
            ? number
            : null;
}
