using System.Diagnostics;

namespace RemoteSwap.EndToEnd.Tests.Processes;

/// <summary>Runs processes to their end.</summary>
internal static class Command
{
    private const string DotnetHost = "DOTNET_HOST_PATH";
    private const string SettingsPrefix = "REMOTESWAP_";
    private static readonly TimeSpan s_liveness = TimeSpan.FromSeconds(120);

    /// <summary>How the server is started: a process of its own, from the output of these tests.</summary>
    public static ProcessStartInfo Server(IEnumerable<string> args)
    {
        string host = Environment.GetEnvironmentVariable(DotnetHost) is { Length: > 0 } path ? path : "dotnet";
        return Of(host, [Path.Combine(AppContext.BaseDirectory, "remoteswap-server.dll"), .. args]);
    }

    /// <summary>A process whose output is read and which inherits no settings of a server.</summary>
    public static ProcessStartInfo Of(string file, IEnumerable<string> args)
    {
        ProcessStartInfo start = new(file, args)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string name in start.Environment.Keys.Where(
            key => key.StartsWith(SettingsPrefix, StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        return start;
    }

    /// <summary>Runs a process to its end; it is killed if it has none.</summary>
    public static async Task<ProcessResult> RunAsync(ProcessStartInfo start)
    {
        using Process process =
            Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} does not start");
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using CancellationTokenSource bound = new(s_liveness);
        try
        {
            await process.WaitForExitAsync(bound.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{start.FileName} did not end within {s_liveness}: {await errors}");
        }

        return new ProcessResult(process.ExitCode, await output, await errors);
    }

    /// <summary>Tells whether a program can be started.</summary>
    public static async Task<bool> ExistsAsync(string program)
    {
        try
        {
            return (await RunAsync(Of(program, ["--version"]))).ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
