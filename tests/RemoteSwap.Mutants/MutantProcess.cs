using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace RemoteSwap.Mutants;

/// <summary>
/// Runs a build in a process of its own, with the runtime settings and the assemblies of the test's process.
/// <para>
/// Production code reads and writes memory of its own by pointers. A bug put into it may write anywhere, and did:
/// beside mutants that ran in the test's process the compiler broke down, or the process. So each has a process, and
/// one that dies of its bug is told from one whose test has noticed it.
/// </para>
/// <para>
/// The process ends with its run, at the deadline at the latest. Costs some tenths of a second. Thread-safe.
/// </para>
/// </summary>
internal static class MutantProcess
{
    private const int MostErrorCharacters = 4000;

    // A bug may turn a loop into one without an end; a run of a test takes seconds.
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(3);

    /// <summary>Runs a build.</summary>
    /// <param name="request">What to run.</param>
    /// <exception cref="InvalidOperationException">The method is missing, or the test skipped itself.</exception>
    /// <exception cref="TimeoutException">The test did not end in three minutes: neither killed nor
    /// survived.</exception>
    public static MutantOutcome Run(MutantRequest request)
    {
        using Process process = Process.Start(StartInfo())
            ?? throw new InvalidOperationException("no process for a mutant was started");
        try
        {
            Task<string> errors = process.StandardError.ReadToEndAsync();
            Task<string> reply = process.StandardOutput.ReadToEndAsync();
            using (StreamWriter requests = process.StandardInput)
            {
                requests.Write(JsonSerializer.Serialize(request, MutantJson.Default.MutantRequest));
            }

            return process.WaitForExit(s_deadline)
                ? OutcomeOf(process.ExitCode, reply.GetAwaiter().GetResult(), errors.GetAwaiter().GetResult())
                : throw new TimeoutException(
                    $"mutant '{request.Name}': its test did not end in {s_deadline.TotalMinutes} minutes");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static MutantOutcome OutcomeOf(int exitCode, string reply, string errors)
    {
        if (exitCode != 0 || reply.Length == 0)
        {
            string last = errors.Length > MostErrorCharacters ? errors[..MostErrorCharacters] : errors;
            return new MutantOutcome(true, string.Empty, $"exit code {exitCode}; {last}") { HasEndedProcess = true };
        }

        MutantReply read = JsonSerializer.Deserialize(reply, MutantJson.Default.MutantReply)
            ?? throw new InvalidOperationException("a mutant's process has answered nothing");
        return read.Outcome ?? throw new InvalidOperationException(read.Misuse);
    }

    // As the test's own process was started, but for the program.
    private static ProcessStartInfo StartInfo()
    {
        string test = Path.ChangeExtension(Assembly.GetEntryAssembly()!.Location, extension: null);
        string root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        ProcessStartInfo start = new(Path.Combine(root, "dotnet"))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
            Environment =
            {
                ["DOTNET_DbgEnableMiniDump"] = "0",

                // It ends before what it measures could pay.
                ["DOTNET_TieredPGO"] = "0",
            },
        };
        string[] arguments =
        [
            "exec",
            "--runtimeconfig", $"{test}.runtimeconfig.json",
            "--depsfile", $"{test}.deps.json",
            typeof(MutantProcess).Assembly.Location,
        ];
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }
}
