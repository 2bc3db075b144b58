using System.Diagnostics;

namespace RemoteSwap.Cli.Commands.Nbd;

/// <summary>
/// A shell command that runs against a private device, as with nbdkit's <c>--run</c>: it finds the URI in
/// <c>$uri</c>, has this program's input and outputs, and its exit code becomes the program's.
/// </summary>
internal static class CaptiveCommand
{
    private const string Shell = "/bin/sh";
    private const string UriVariable = "uri";

    /// <summary>Runs it to its end; a wish to stop ends it with all that it started.</summary>
    /// <returns>Its exit code.</returns>
    public static async Task<int> RunAsync(string command, string uri, CancellationToken stop)
    {
        ProcessStartInfo start = new(Shell) { ArgumentList = { "-c", command }, Environment = { [UriVariable] = uri } };
        using Process process = Process.Start(start)!;
        try
        {
            await process.WaitForExitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            throw;
        }

        return process.ExitCode;
    }
}
