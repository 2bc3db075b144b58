using System.CommandLine;
using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Parsing;
using RemoteSwap.Client;
using RemoteSwap.Codec;
using RemoteSwap.Device;
using RemoteSwap.Units;

namespace RemoteSwap.Cli.Commands.Nbd;

/// <summary>Serves an area as a disk that QEMU, and whatever else speaks NBD, can swap to.</summary>
internal sealed class NbdCommand : CliCommand
{
    private const int MaxStreams = 16;
    private const int MaxStreamsUnlessAsked = 4;
    private const int ProcessorsAStream = 2;
    private const int MaxConnections = 1024;

    // A stream keeps a poller busy at each end, and more of them share out what would go in one message.
    private static readonly int s_streams =
        Math.Clamp(Environment.ProcessorCount / ProcessorsAStream, 1, MaxStreamsUnlessAsked);

    private readonly Option<ByteSize?> _size = ValueReader.Size(
        "--size", "size of the disk, a multiple of 4KiB (required)");

    private readonly Option<string?> _unix = new("--unix")
    {
        HelpName = "PATH",
        Description = "listen on a Unix socket; - picks one and removes it",
    };

    private readonly Option<string?> _listen = new("--listen")
    {
        HelpName = "HOST:PORT",
        Description = "listen on an address; port 0 picks one  [127.0.0.1:10809]",
    };

    private readonly NbdTlsOptions _tls = new();

    private readonly Option<string?> _export = new("--export") { HelpName = "NAME", Description = "the export's name" };

    private readonly Option<string?> _run = new("--run")
    {
        HelpName = "COMMAND",
        Description = "run a shell command against a private device ($uri), end with it",
    };

    private readonly Option<string?> _pidFile = new("--pid-file")
    {
        HelpName = "FILE",
        Description = "write the process id there when clients can connect",
    };

    private readonly Option<bool> _exitWithParent = ValueReader.Switch(
        "--exit-with-parent", "end when the parent does");

    private readonly Option<int> _connections = ValueReader.Number(
        "--connections", "N", "NBD clients at the same time  [16]", 1, MaxConnections, 16);

    private readonly Option<int> _streams = ValueReader.Number(
        "--streams", "N", "streams to the page server  [one for two processors, at most 4]", 1, MaxStreams, s_streams);

    private readonly Option<bool> _empty = ValueReader.Switch(
        "--empty", "forget all pages of the area first; else they are the disk's content");

    private readonly Option<string?> _session = new("--session")
    {
        HelpName = "FILE",
        Description = "keep the session there, to go on with it  [$XDG_RUNTIME_DIR/remoteswap, else /tmp]",
    };

    private readonly Option<bool> _takeOver = ValueReader.Switch(
        "--take-over", "take the area from whoever has it: for a VM that moved; pages stay");

    private readonly Option<bool> _detach = ValueReader.Switch(
        "--detach", "drop the pages and the session at the end");

    private readonly Option<string?> _evictTo = new("--evict-to")
    {
        HelpName = "FILE",
        Description = "keep what the server has no memory for there, on a disk of this machine",
    };

    private readonly Option<ByteSize?> _evictLimit = ValueReader.Size(
        "--evict-limit", "pages that the file may hold, 4KiB each  [the disk's size]");

    private readonly Option<bool> _readOnly = ValueReader.Switch("--read-only", "refuse writes");

    private readonly Option<bool> _ownKernel = ValueReader.Switch(
        "--allow-own-kernel", "let this machine's kernel attach (nbd-client): it can deadlock");

    private readonly SealArguments _seal = new();

    /// <inheritdoc/>
    public override CommandText Text { get; } = new(
        "nbd",
        CommandGroup.Device,
        "serve an area as a disk for a VM to swap to",
        "remoteswap nbd --size 8G --unix /run/vm7.sock")
    {
        Notes =
        [
            "Other machines may reach it only with --tls-cert, --tls-key, --tls-ca: TLS 1.3, and client certificates",
            "that name this tenant, an admin or nobody. Give devices a CA of their own, or clients that name tenants.",
            "A write is answered when the page server has acknowledged it: in its memory, not on a disk.",
            "A page that the server has lost reads as an I/O error, never as zeroes; likewise after a restart of both.",
            "While the server is away requests wait: --timeout, or 1m. Locks its memory where it may.",
            "Killed or stopped, the device goes on with its session when it is started again (without --empty); --run",
            "drops pages and session at its end, unless there before. OTLP: set OTEL_EXPORTER_OTLP_ENDPOINT.",
        ],
        MoreExamples =
        [
            "remoteswap nbd --size 1G --run 'nbdinfo $uri'",
        ],
        ExitCodes = "0 stopped, or as --run's command; 1 failed, 64 usage, 69 server unavailable, 77 not permitted",
    };

    /// <inheritdoc/>
    public override SharedSet Takes => SharedSet.Server | SharedSet.Area | SharedSet.Json | SharedSet.Quiet;

    /// <inheritdoc/>
    public override IReadOnlyList<Option> Options =>
    [
        _size, _unix, _listen, .. _tls.All, _export, _run, _pidFile, _exitWithParent, _connections, _streams, _empty,
        _session, _takeOver, _detach, _evictTo, _evictLimit, _readOnly, _ownKernel,
        .. _seal.All,
    ];

    /// <inheritdoc/>
    public override Task<int> RunAsync(CommandRun run)
    {
        if (run.Value(_readOnly) && run.Value(_empty))
        {
            throw CommandFailedException.Usage("--read-only and --empty are both given; forgetting pages is a write");
        }

        if (run.Value(_readOnly) && run.Value(_detach))
        {
            throw CommandFailedException.Usage("--read-only and --detach are both given; dropping pages is a write");
        }

        if (run.Value(_evictLimit) is not null && run.Value(_evictTo) is null)
        {
            throw CommandFailedException.Usage("--evict-limit is given without --evict-to FILE, which it is for");
        }

        TimeSpan stall = run.IsTimeoutGiven ? run.CallDeadline : TimeoutLadder.DefaultStall;
        TimeoutLadder.Require(stall);
        NbdTls? tls = _tls.Read(run);
        NbdSettings settings = new()
        {
            Stall = stall,
            SessionPath = run.Value(_session),
            TakesOver = run.Value(_takeOver),
            DropsPages = run.Value(_detach),
            SizeBytes = SizeOf(run.Value(_size)),
            Place = NbdPlace.Of(run.Value(_unix), run.Value(_listen), isCaptive: run.Value(_run) is not null, tls),
            Tls = tls,
            ExportName = run.Value(_export) ?? "",
            Command = run.Value(_run),
            PidFile = run.Value(_pidFile),
            ExitsWithParent = run.Value(_exitWithParent),
            MaxConnections = run.Value(_connections),
            Streams = run.Value(_streams),
            ForgetsPages = run.Value(_empty),
            IsReadOnly = run.Value(_readOnly),
            EvictTo = EvictTo(run, SizeOf(run.Value(_size))),
            Seal = _seal.Of(run),
            AllowsOwnKernel = run.Value(_ownKernel),
        };
        return new NbdRun(run, settings).RunAsync();
    }

    private EvictionTarget? EvictTo(CommandRun run, long sizeBytes)
    {
        if (run.Value(_evictTo) is not { } path)
        {
            return null;
        }

        long limit = run.Value(_evictLimit)?.Bytes ?? sizeBytes;
        return limit >= PageSize.Bytes
            ? new EvictionTarget(Path.GetFullPath(path), limit)
            : throw CommandFailedException.Usage(
                $"--evict-limit is {new ByteSize(limit)}; it must be {PageSize.Bytes} bytes at least, room for a page");
    }

    private static long SizeOf(ByteSize? size)
    {
        if (size is not { } given)
        {
            throw CommandFailedException.Usage("--size is missing; say how large the disk is, for example --size 8G");
        }

        return given.Bytes > 0 && given.Bytes % PageSize.Bytes == 0 && given.Bytes <= SwapDevice.MaxSizeBytes
            ? given.Bytes
            : throw CommandFailedException.Usage(
                $"--size {given} is {given.Bytes} bytes; it must be a multiple of {PageSize.Bytes} up to "
                + $"{new ByteSize(SwapDevice.MaxSizeBytes)}");
    }
}
