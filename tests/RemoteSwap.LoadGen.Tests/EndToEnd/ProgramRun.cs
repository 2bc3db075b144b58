using System.Text.Json;
using RemoteSwap.LoadGen.Run;

namespace RemoteSwap.LoadGen.Tests.EndToEnd;

/// <summary>One run of the program in this process.</summary>
internal sealed record ProgramRun(int ExitCode, string Output, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    public static async Task<ProgramRun> StartAsync(params string[] args)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int exitCode = await new LoadGenApp(output, error).RunAsync(args);
        return new ProgramRun(exitCode, output.ToString(), error.ToString());
    }
}
