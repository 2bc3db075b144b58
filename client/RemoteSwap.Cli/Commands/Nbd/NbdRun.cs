using System.Globalization;
using System.Net.Sockets;
using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Output;
using RemoteSwap.Client;
using RemoteSwap.Codec;
using RemoteSwap.Device;
using RemoteSwap.Nbd;
using RemoteSwap.Otlp;
using RemoteSwap.Units;
using RemoteSwap.Wire;

namespace RemoteSwap.Cli.Commands.Nbd;

/// <summary>
/// The life of a device process: (1) the process is made fit to be swapped to, (2) the area becomes this process's
/// alone on this machine and the page server is asked whether it is there, (3) it becomes this process's alone on the
/// server, by the session of before or a new one, (4) the device listens, and only then the process id is written and
/// the URI printed, (5) it serves until it is stopped, its parent ends or the command is done, (6) requests under way
/// are finished, and the session is let go of, or ended.
/// </summary>
internal sealed class NbdRun(CommandRun run, NbdSettings settings)
{
    private const int SectorBytes = 512;
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(5);

    /// <summary>Lives it.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync()
    {
        using NbdPlace place = settings.Place;

        // (1)
        SwapProcess.MakeFit(run, settings.ExitsWithParent);
        InlineSockets.Use();
        await using OtlpExport? export = OtlpExport.TryStart(
            "remoteswap-nbd",
            ProductVersion.Text,
            [ClientTelemetry.MeterName, NbdTelemetry.MeterName],
            [ClientTelemetry.SourceName, NbdTelemetry.SourceName],
            dropsItself: true,
            run.Surroundings.Variable);

        // (2)
        using AreaLock owned = AreaLock.Take(run.Server, run.Area);
        RemoteSwapClientOptions options = run.ClientOptions(settings.Streams);

        // By a connection of its own: a server that is not there now is said soon; one that goes later is waited for.
        await using (RemoteSwapConnection first = RemoteSwapConnection.Open(options, run.Surroundings.Time))
        {
            await first.PingAsync(default, run.Stop);
        }

        await using RemoteSwapConnection connection = RemoteSwapConnection.Open(
            run.ClientOptions(settings.Streams, stall: settings.Stall, seal: settings.Seal), run.Surroundings.Time);

        // (3)
        await using DeviceSession session = await DeviceSession.BeginAsync(run, settings, connection);
        RequireFits(session.Area);

        // (4)
        SwapDevice device = new(session.Area, settings.SizeBytes);
        await using NbdServer server = new(device, ServerOptions(export), line => Log(line, export));
        Listen(server);
        using PidFile? pid = settings.PidFile is { } path ? PidFile.Write(path) : null;
        string uri = NbdUri.Of(
            server.LocalEndPoint, settings.ExportName, requireTls: settings.Tls is { IsRequired: true });

        try
        {
            // (5)
            return settings.Command is { } command
                ? await CaptiveCommand.RunAsync(command, uri, run.Stop)
                : await ServeAsync(uri, options, session.Area.Epoch);
        }
        finally
        {
            // (6)
            await server.StopAsync(s_grace);
            run.Remark($"{server.RequestsServed} requests served");
            await session.EndAsync();
        }
    }

    private void Log(string line, OtlpExport? export)
    {
        run.Error.WriteLine(line);
        export?.Log(line);
    }

    private void RequireFits(AttachedArea area)
    {
        ulong slots = (ulong)(settings.SizeBytes / PageSize.Bytes);
        if (slots > area.Slots)
        {
            throw CommandFailedException.Usage(
                $"--size {new ByteSize(settings.SizeBytes)} needs {slots} slots; the server's areas have {area.Slots}: "
                + $"{new ByteSize((long)area.Slots * PageSize.Bytes)} fit");
        }
    }

    private async Task<int> ServeAsync(string uri, RemoteSwapClientOptions options, ulong epoch)
    {
        if (run.Json)
        {
            NbdDocument document = new(
                uri, settings.SizeBytes, options.Tenant, run.Area, Environment.ProcessId, epoch);
            run.WriteJson(document, CliJsonContext.Default.NbdDocument);
        }
        else
        {
            run.Output.WriteLine(uri);
        }

        await run.Output.FlushAsync(CancellationToken.None);
        await Task.Delay(Timeout.InfiniteTimeSpan, run.Stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return ExitCode.Ok;
    }

    private NbdServerOptions ServerOptions(OtlpExport? export) => new()
    {
        TracedShare = export?.TracedShare ?? 1,
        ExportName = settings.ExportName,
        Description = string.Create(
            CultureInfo.InvariantCulture,
            $"RemoteSwap area {run.Area} of {run.Server.TenantOrDefault}, {new ByteSize(settings.SizeBytes)}"),
        ReadOnly = settings.IsReadOnly,

        // Not a page: a client that has to round reads before it writes, and QEMU takes a read that fails for zeroes.
        // The device does it itself, and a part of a page that can not be read is an error of the write.
        MinBlockBytes = SectorBytes,
        MaxConnections = settings.MaxConnections,
        Tls = settings.Tls is { } tls ? tls.OptionsAsync : null,
        RequireTls = settings.Tls is { IsRequired: true },
        Admits = settings.AllowsOwnKernel ? null : OwnKernel.WhyRefused,
    };

    private void Listen(NbdServer server)
    {
        try
        {
            server.Listen(settings.Place.EndPoint);
        }
        catch (SocketException failed)
        {
            throw CommandFailedException.Failed(
                $"can not listen on {settings.Place.EndPoint}: {failed.Message}; is another device there?");
        }
    }
}
