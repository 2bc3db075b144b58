using System.Globalization;
using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Output;
using RemoteSwap.Client;

namespace RemoteSwap.Cli.Commands.Sealing;

/// <summary>Opens the key ring that a command is about, and says what has become of it.</summary>
internal static class SealReport
{
    /// <summary>Opens the ring of the tenant and area that were named.</summary>
    /// <exception cref="CommandFailedException">No key is named, or the options are wrong.</exception>
    public static KeyRing Open(CommandRun run, SealArguments seal)
    {
        if (seal.Of(run) is not { } options)
        {
            throw CommandFailedException.Usage("name the key with --seal-key FILE or --seal-command PROGRAM");
        }

        return Open(run, options);
    }

    /// <summary>Opens the ring of the tenant and area that were named.</summary>
    /// <exception cref="CommandFailedException">The options are wrong.</exception>
    public static KeyRing Open(CommandRun run, SealOptions options)
    {
        try
        {
            return KeyRing.Open(options, run.Server.TenantOrDefault, run.Area);
        }
        catch (ArgumentException wrong)
        {
            throw CommandFailedException.Usage(wrong.Message);
        }
    }

    /// <summary>Writes what a ring is.</summary>
    /// <returns>The exit code.</returns>
    public static int Write(CommandRun run, KeyRing ring, string what)
    {
        if (run.Json)
        {
            SealDocument document = new(
                run.Server.TenantOrDefault, run.Area, ring.Path, ring.Count, ring.Current, ring.Created);
            run.WriteJson(document, CliJsonContext.Default.SealDocument);
        }
        else
        {
            run.Output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{what}{ring.Path}: {ring.Count} keys, new pages get key {ring.Current} of {ring.Created:u}"));
        }

        return ExitCode.Ok;
    }
}
