using System.CommandLine;
using System.Globalization;
using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Commands.Areas;
using RemoteSwap.Cli.Output;
using RemoteSwap.Client;
using RemoteSwap.Codec;

namespace RemoteSwap.Cli.Commands.Transfer;

/// <summary>Stores a file as pages of an area. The server keeps pages only: not the name, not the size.</summary>
internal sealed class PutCommand : CliCommand
{
    private readonly Argument<string> _file = new("FILE") { Description = "the file to store" };
    private readonly TransferOptions _transfer = new();
    private readonly SealArguments _seal = new();

    /// <inheritdoc/>
    public override CommandText Text { get; } = new(
        "put",
        CommandGroup.Pages,
        "store a file as pages of an area",
        "remoteswap put disk.img -s remoteswap://host/vm7")
    {
        Notes =
        [
            "Page 0 goes to slot --at, the others behind it; the last one is filled up with zeros.",
            "The server keeps pages only: neither the file's name nor its size. Give it to `get`; put prints it.",
            "The area is put's own meanwhile; one that a device owns is left alone (77).",
            "Stops at the first page that is refused. Pages that are stored already stay; `invalidate` forgets them.",
        ],
        ExitCodes = "0 ok, 1 failed or refused, 64 usage, 69 server unavailable, 77 not permitted, 130 stopped",
    };

    /// <inheritdoc/>
    public override SharedSet Takes => SharedSet.Server | SharedSet.Area | SharedSet.Json | SharedSet.Quiet;

    /// <inheritdoc/>
    public override IReadOnlyList<Argument> Arguments => [_file];

    /// <inheritdoc/>
    public override IReadOnlyList<Option> Options => [_transfer.At, _transfer.Batch, _transfer.Parallel, .. _seal.All];

    /// <inheritdoc/>
    public override async Task<int> RunAsync(CommandRun run)
    {
        ulong first = run.Value(_transfer.At);
        using PutFile file = PutFile.Open(run.Value(_file));
        PutTally tally = new();
        TimeSpan elapsed;
        await using (RemoteSwapConnection connection = run.OpenConnection(seal: _seal.Of(run)))
        {
            AttachedArea area = await AttachAsync(run, connection);
            try
            {
                elapsed = await StoreAsync(run, file, first, area.Pages, tally);
            }
            catch
            {
                await TryDetachAsync(run, area);
                throw;
            }

            await area.DetachAsync(keepPages: true, CancellationToken.None);
        }

        Report(run, file, first, tally, elapsed);
        return ExitCode.Ok;
    }

    private static async Task<AttachedArea> AttachAsync(CommandRun run, RemoteSwapConnection connection)
    {
        try
        {
            // Without a way to stop it: the area could be owned by nobody who knows of it.
            AttachReply reply = await connection.AttachAsync(run.Area, ct: CancellationToken.None);
            return reply.Area ?? throw OwnerWords.Held(
                run, reply, "it may not be written to meanwhile; stop that device, or give another --area");
        }
        catch (InvalidOperationException broken)
        {
            throw TimeoutLadder.Broken(run.CallDeadline, broken);
        }
    }

    // It hides no failure of before.
    private static async Task TryDetachAsync(CommandRun run, AttachedArea area)
    {
        try
        {
            await area.DetachAsync(keepPages: true, CancellationToken.None);
        }
        catch (RemoteSwapException failed)
        {
            run.Remark($"the area stays put's own until its lease ends, and is dropped then: {failed.Message}");
            await area.DisposeAsync();
        }
    }

    private async Task<TimeSpan> StoreAsync(CommandRun run, PutFile file, ulong first, SwapArea area, PutTally tally)
    {
        await using TransferProgress progress = new(run, $"put {file.Path}", file.Pages);
        try
        {
            await _transfer.Plan(run, file.Pages).RunAsync(
                async (firstPage, room) =>
                {
                    await file.ReadAsync(firstPage, room);
                    ulong[] slots = TransferOptions.Slots(first + (ulong)firstPage, room.Length / PageSize.Bytes);

                    // Without a way to stop it: a batch under way comes to its end, and has a deadline.
                    StoreOutcome[] outcomes = await area.StoreAsync(slots, room);
                    int refused = tally.Count(outcomes);
                    progress.Add(slots.Length);
                    if (refused >= 0)
                    {
                        throw new PageRefusedException(slots[refused], outcomes[refused]);
                    }
                },
                run.Stop);
        }
        catch (PageRefusedException refused)
        {
            throw CommandFailedException.Failed(
                $"{await RefusalWords.OfAsync(run, refused)} {tally.Stored} of {file.Pages} pages are stored.");
        }
        catch (OperationCanceledException) when (run.Stop.IsCancellationRequested)
        {
            run.Remark($"{tally.Stored} of {file.Pages} pages are stored and stay");
            throw;
        }

        return progress.Elapsed;
    }

    private static void Report(CommandRun run, PutFile file, ulong first, PutTally tally, TimeSpan elapsed)
    {
        if (run.Json)
        {
            TransferDocument document = new(
                "remoteswap.put/1",
                run.Server.ToString(),
                run.Server.TenantOrDefault,
                run.Area,
                file.Path,
                file.Bytes,
                first,
                tally.Stored,
                tally.SameFilled,
                EmptyPages: null,
                elapsed.TotalSeconds);
            run.WriteJson(document, CliJsonContext.Default.TransferDocument);
            return;
        }

        run.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"stored {tally.Stored} pages ({tally.SameFilled} same-filled) of {file.Bytes} bytes from slot {first} on, "
            + $"{Amount.Rate(file.Bytes / Math.Max(elapsed.TotalSeconds, 1e-6))}"));
        string at = first == 0 ? "" : $" --at {first}";
        string area = run.Area == 0 ? "" : $" --area {run.Area}";
        run.Remark($"get it back: remoteswap get FILE --size {file.Bytes}{at}{area} -s '{run.Server}'");
    }
}
