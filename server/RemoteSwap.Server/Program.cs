using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using RemoteSwap.Server.Hosting;
using RemoteSwap.Server.Options;
using RemoteSwap.Wire;

namespace RemoteSwap.Server;

/// <summary>The program <c>remoteswap-server</c>.</summary>
internal static class Program
{
    private const int Ok = 0;
    private const int Failed = 1;
    private const int Usage = 64;
    private const int Unavailable = 69;

    private static async Task<int> Main(string[] args)
    {
        if (!ServerArguments.TryParse(args, out ServerArguments? arguments, out string error))
        {
            return Fail(Usage, error);
        }

        if (arguments.WantsHelp)
        {
            Console.WriteLine(ServerArguments.Help);
            return Ok;
        }

        if (arguments.WantsVersion)
        {
            Console.WriteLine(
                $"remoteswap-server {ProductVersion.Text} ({RuntimeInformation.FrameworkDescription})");
            return Ok;
        }

        try
        {
            return arguments.WantsConfig ? PrintConfig(arguments) : await RunAsync(args);
        }
        catch (SettingsException failure)
        {
            return Fail(Usage, failure.Message);
        }
        catch (IOException failure) when (failure.InnerException is AddressInUseException or SocketException)
        {
            string problem = failure.Message.TrimEnd('.');
            return Fail(
                Unavailable,
                $"{problem}; use another address (--listen, --management) or stop the program that has it");
        }
    }

    private static int PrintConfig(ServerArguments arguments)
    {
        using ConfigurationManager configuration = new();
        SettingsLoader.AddSources(configuration, arguments);
        SettingsLoader.Load(configuration, out ServerSettings written);
        Console.Write(ConfigurationPrinter.Print(written, configuration));
        return Ok;
    }

    private static async Task<int> RunAsync(string[] args)
    {
        InlineSockets.Use();
        await using PageServer server = await PageServer.StartAsync(args, ownsProcess: true);
        foreach (string line in StartReport.Lines(server))
        {
            Console.Error.WriteLine(line);
        }

        await server.WaitForShutdownAsync();
        try
        {
            await server.DrainAsync(new WarmReport(Console.Error, TimeProvider.System, "writing pages"));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Fail(
                Failed, $"the pages could not be written to State:Folder and end with this process: {failure.Message}");
        }

        Console.Error.WriteLine("remoteswap-server: stopped");
        return Ok;
    }

    private static int Fail(int code, string message)
    {
        Console.Error.WriteLine($"remoteswap-server: {message}");
        return code;
    }
}
