using System.Diagnostics;
using System.Runtime.InteropServices;
using RemoteSwap.Wire;

namespace RemoteSwap.Cli.Commands.Nbd;

/// <summary>
/// A shell command that runs against a private device, as with nbdkit's <c>--run</c>: it finds the URI in
/// <c>$uri</c>, has this program's input and outputs, and its exit code becomes the program's.
/// </summary>
internal static class CaptiveCommand
{
    private const string Shell = "/bin/sh";
    private const string UriVariable = "uri";
    private const int Terminate = 15;
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(5);

    /// <summary>Runs it to its end; a wish to stop ends it with all that it started.</summary>
    /// <returns>Its exit code.</returns>
    public static async Task<int> RunAsync(string command, string uri, CancellationToken stop)
    {
        ProcessStartInfo start = new(Shell) { ArgumentList = { "-c", command }, Environment = { [UriVariable] = uri } };
        InlineSockets.KeepFrom(start.Environment);
        using Process process = Process.Start(start)!;
        try
        {
            await process.WaitForExitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            await EndAsync(process);
            throw;
        }

        return process.ExitCode;
    }

    // Asked first: it may be a machine that wants to be shut down.
    private static async Task EndAsync(Process process)
    {
        _ = Signal(process.Id, Terminate);
        Task ended = process.WaitForExitAsync(CancellationToken.None);
        await Task.WhenAny(ended, Task.Delay(s_grace, CancellationToken.None));
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        await ended;
    }

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Signal(int process, int signal);
}
