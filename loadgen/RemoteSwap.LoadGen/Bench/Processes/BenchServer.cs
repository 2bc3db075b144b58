using System.Text.Json;
using RemoteSwap.LoadGen.Bench.Wire;
using RemoteSwap.Server;

namespace RemoteSwap.LoadGen.Bench.Processes;

/// <summary>
/// The server process of a benchmark: the page server as it is shipped, which also says on its output what its process
/// has used whenever a line comes in, and ends with its input.
/// </summary>
internal static class BenchServer
{
    /// <summary>Serves until the input ends.</summary>
    /// <param name="settings">The server's settings, as on its command line.</param>
    /// <param name="input">Each line is a question.</param>
    /// <param name="output">The answers.</param>
    public static async Task RunAsync(IReadOnlyList<string> settings, TextReader input, TextWriter output)
    {
        await using PageServer server = await PageServer.StartAsync(settings);
        await WriteAsync(JsonSerializer.Serialize(
            new ServerHello(server.GrpcAddress.ToString(), server.ManagementAddress?.ToString() ?? string.Empty),
            WorkJsonContext.Default.ServerHello));
        while (await input.ReadLineAsync() is not null)
        {
            ServerFigures figures = new(
                Environment.CpuUsage.TotalTime.TotalSeconds,
                GC.GetTotalAllocatedBytes(precise: true),
                GC.CollectionCount(GC.MaxGeneration));
            await WriteAsync(JsonSerializer.Serialize(figures, WorkJsonContext.Default.ServerFigures));
        }

        async Task WriteAsync(string line)
        {
            await output.WriteLineAsync(line);
            await output.FlushAsync();
        }
    }
}
