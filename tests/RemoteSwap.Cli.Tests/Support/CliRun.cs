using System.Text.Json;
using RemoteSwap.Cli.App;

namespace RemoteSwap.Cli.Tests.Support;

/// <summary>One run of the tool in this process, its writers read.</summary>
internal sealed record CliRun(int ExitCode, string Output, string Error)
{
    /// <summary>The result as JSON.</summary>
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    /// <summary>The schema of the result.</summary>
    public string? Schema => Json.GetProperty("schema").GetString();

    /// <summary>Runs the tool as from a script: no terminal anywhere.</summary>
    public static Task<CliRun> StartAsync(params string[] args) => StartAsync(args, around => around);

    /// <summary>Runs the tool with other surroundings.</summary>
    public static async Task<CliRun> StartAsync(
        string[] args, Func<Surroundings, Surroundings> change, CancellationToken stop = default)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        Surroundings around = change(new Surroundings
        {
            Output = output,
            Error = TextWriter.Synchronized(error),
            Input = TextReader.Null,
            Variable = _ => null,
        });
        int exitCode = await new CliApp(around).RunAsync(args, stop);
        return new CliRun(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>Runs the tool and interrupts it when it has written its first line.</summary>
    public static async Task<CliRun> StopAtFirstLineAsync(params string[] args)
    {
        using CancellationTokenSource stop = new();
        return await StartAsync(
            args, around => around with { Output = new StoppingWriter(around.Output, stop) }, stop.Token);
    }

    /// <summary>Asserts an exit code, and shows what was written if it is another one.</summary>
    public CliRun Expect(int exitCode)
    {
        Xunit.Assert.True(ExitCode == exitCode, $"exit code {ExitCode}, not {exitCode}\n{Output}\n{Error}");
        return this;
    }
}
