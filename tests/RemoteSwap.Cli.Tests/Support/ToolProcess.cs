using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace RemoteSwap.Cli.Tests.Support;

/// <summary>The tool as a process of its own.</summary>
internal static class ToolProcess
{
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(30);

    private static readonly string s_tool = Path.GetFullPath(
        typeof(ToolProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(metadata => metadata.Key == "Tool").Value!);

    private static readonly string s_dotnet =
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet"));

    /// <summary>The tool as a shell calls it.</summary>
    public static string Line => $"{s_dotnet} exec {s_tool}";

    /// <summary>Where session files of devices go, instead of among the user's.</summary>
    public static string RuntimeFolder { get; } = Directory.CreateTempSubdirectory("remoteswap-run-").FullName;

    /// <summary>Starts it.</summary>
    public static Process Start(string uri, params string[] args) => Start(uri, variables: [], args);

    /// <summary>Starts it with variables of its own.</summary>
    public static Process Start(string uri, (string Name, string Value)[] variables, string[] args)
    {
        ProcessStartInfo start = new()
        {
            // It becomes the tool, with interrupts as at a terminal: a shell that runs tests in its background ignores
            // them, and so would the tool.
            FileName = "env",
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (string part in (IEnumerable<string>)
            [
                "--default-signal=INT",
                s_dotnet,
                "exec", s_tool, .. args,
            ])
        {
            start.ArgumentList.Add(part);
        }

        start.Environment["REMOTESWAP_URI"] = uri;
        start.Environment["XDG_RUNTIME_DIR"] = RuntimeFolder;
        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<CliRun> RunAsync(string uri, params string[] args)
    {
        using Process process = Start(uri, args);
        return await EndAsync(process);
    }

    /// <summary>Waits for its end.</summary>
    public static async Task<CliRun> EndAsync(Process process)
    {
        using CancellationTokenSource late = new(s_longest);
        Task<string> output = process.StandardOutput.ReadToEndAsync(late.Token);
        Task<string> error = process.StandardError.ReadToEndAsync(late.Token);
        await process.WaitForExitAsync(late.Token);
        return new CliRun(process.ExitCode, await output, await error);
    }
}
