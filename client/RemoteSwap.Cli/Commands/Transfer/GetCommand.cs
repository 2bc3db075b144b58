using System.CommandLine;
using System.Globalization;
using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Commands.Areas;
using RemoteSwap.Cli.Commands.Sealing;
using RemoteSwap.Cli.Output;
using RemoteSwap.Cli.Parsing;
using RemoteSwap.Client;
using RemoteSwap.Codec;
using RemoteSwap.Units;

namespace RemoteSwap.Cli.Commands.Transfer;

/// <summary>Loads pages of an area into a file; every page is verified before it is written.</summary>
internal sealed class GetCommand : CliCommand
{
    // 16 TiB, the largest area.
    private const long MaxPages = 1L << 32;

    private readonly Argument<string> _file = new("FILE") { Description = "the file to make" };
    private readonly TransferOptions _transfer = new();
    private readonly SealArguments _seal = new();
    private readonly Option<ByteSize?> _size = ValueReader.Size("--size", "the file's size, as put printed it");
    private readonly Option<long?> _pages = ValueReader.OptionalNumber(
        "--pages", "N", "instead of --size: so many whole pages", 1, MaxPages);

    private readonly Option<bool> _allowEmpty = ValueReader.Switch(
        "--allow-empty", "a slot without a page becomes zeros and is no failure");

    private readonly Option<bool> _force = ValueReader.Switch("--force", "replace FILE if it is there");

    /// <inheritdoc/>
    public override CommandText Text { get; } = new(
        "get", CommandGroup.Pages, "load pages of an area into a file", "remoteswap get disk.img --size 1GiB")
    {
        Notes =
        [
            "The server does not know a file's size: give --size (the last page is cut) or --pages.",
            "A page is written only after it has verified. FILE appears when it is complete, readable by you alone;",
            "until then it is FILE.part, which a failure removes. The copies on the server stay.",
            "An area that a device owns can not be read (77).",
        ],
        MoreExamples = ["remoteswap get part.bin --at 4096 --pages 256 --area 1 -s remoteswap://host/vm7"],
        ExitCodes = "0 ok, 1 failed or a slot is empty, 3 a page did not verify, 64, 69, 77, 130 stopped",
    };

    /// <inheritdoc/>
    public override SharedSet Takes => SharedSet.Server | SharedSet.Area | SharedSet.Json | SharedSet.Quiet;

    /// <inheritdoc/>
    public override IReadOnlyList<Argument> Arguments => [_file];

    /// <inheritdoc/>
    public override IReadOnlyList<Option> Options =>
        [_size, _pages, _transfer.At, _allowEmpty, _force, _transfer.Batch, _transfer.Parallel, .. _seal.All];

    /// <inheritdoc/>
    public override async Task<int> RunAsync(CommandRun run)
    {
        ulong first = run.Value(_transfer.At);
        SealOptions? seal = _seal.Of(run);
        if (seal is not null)
        {
            // Pages of an area without a ring can not be read, and reading makes none.
            SealReport.Open(run, seal).Dispose();
        }

        using GetFile file = GetFile.Create(run.Value(_file), FileBytes(run), run.Value(_force));
        long empty = 0;
        TimeSpan elapsed;
        await using (RemoteSwapConnection connection = run.OpenConnection(seal: seal))
        await using (TransferProgress progress = new(run, $"get {file.Path}", file.Pages))
        {
            SwapArea area = connection.Area(run.Area);
            await _transfer.Plan(run, file.Pages).RunAsync(
                async (firstPage, room) =>
                {
                    ulong[] slots = TransferOptions.Slots(first + (ulong)firstPage, room.Length / PageSize.Bytes);

                    // Without a way to stop it: a batch under way comes to its end, and has a deadline.
                    LoadOutcome[] outcomes = await area.LoadAsync(slots, room);
                    if (outcomes.Contains(LoadOutcome.Fenced))
                    {
                        throw await OwnerWords.FencedAsync(run);
                    }

                    Interlocked.Add(ref empty, CountEmpty(run, slots, outcomes));
                    await file.WriteAsync(firstPage, room);
                    progress.Add(slots.Length);
                },
                run.Stop);
            elapsed = progress.Elapsed;
        }

        file.Complete();
        Report(run, file, first, Interlocked.Read(ref empty), elapsed);
        return ExitCode.Ok;
    }

    private long FileBytes(CommandRun run)
    {
        ByteSize? size = run.Value(_size);
        long? pages = run.Value(_pages);
        if (size is null == pages is null)
        {
            throw CommandFailedException.Usage(
                "give the file's size with --size, or a number of pages with --pages; the server does not know it.");
        }

        long bytes = size?.Bytes ?? (pages!.Value * PageSize.Bytes);
        return bytes <= MaxPages * PageSize.Bytes
            ? bytes
            : throw CommandFailedException.Usage(
                $"--size {size} is more than an area holds; give at most {new ByteSize(MaxPages * PageSize.Bytes)}.");
    }

    private int CountEmpty(CommandRun run, ulong[] slots, LoadOutcome[] outcomes)
    {
        int empty = 0;
        for (int i = 0; i < outcomes.Length; i++)
        {
            switch (outcomes[i])
            {
                case LoadOutcome.Loaded:
                    break;
                case LoadOutcome.NotFound when run.Value(_allowEmpty):
                    empty++;
                    break;
                default:
                    throw LossWords.Of(run, slots[i], outcomes[i]);
            }
        }

        return empty;
    }

    private static void Report(CommandRun run, GetFile file, ulong first, long empty, TimeSpan elapsed)
    {
        if (run.Json)
        {
            TransferDocument document = new(
                "remoteswap.get/1",
                run.Server.ToString(),
                run.Server.TenantOrDefault,
                run.Area,
                file.Path,
                file.Bytes,
                first,
                file.Pages,
                SameFilledPages: null,
                empty,
                elapsed.TotalSeconds);
            run.WriteJson(document, CliJsonContext.Default.TransferDocument);
            return;
        }

        run.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"loaded {file.Pages} pages ({empty} empty) into {file.Bytes} bytes from slot {first} on, all verified, "
            + $"{Amount.Rate(file.Bytes / Math.Max(elapsed.TotalSeconds, 1e-6))}"));
    }
}
