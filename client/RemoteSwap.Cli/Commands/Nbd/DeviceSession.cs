using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Commands.Areas;
using RemoteSwap.Client;

namespace RemoteSwap.Cli.Commands.Nbd;

/// <summary>
/// A device's ownership of its area: (1) with a session file it goes on with that session, so that a device that was
/// killed has the pages of its guest, or knows which are lost; (2) without one it takes the area if nobody has it, or
/// from whoever has it if so asked; (3) the file follows the session; (4) the end lets go or detaches.
/// <para>
/// What it is not: a guess. A session that is over is never replaced by a new one unasked: the guest of the old one may
/// still run, and its lost pages would be zeroes to it.
/// </para>
/// </summary>
internal sealed class DeviceSession : IAsyncDisposable
{
    private const string NewGuest = "start its guest anew and give --empty";
    private readonly CommandRun _run;
    private readonly NbdSettings _settings;
    private readonly SessionFile _file;
    private readonly bool _wasThere;

    private DeviceSession(CommandRun run, NbdSettings settings, SessionFile file, AttachedArea area, bool isResumed)
    {
        _run = run;
        _settings = settings;
        _file = file;
        _wasThere = isResumed;
        Area = area;
        HadPages = area.StoredPages > 0;
        area.Fenced.Register(() => run.Error.WriteLine(
            $"remoteswap nbd: {OwnerWords.Place(run)} is no longer this device's (epoch {area.Epoch}): another one has "
            + "attached, or this one was silent for too long. Every request fails from now on; stop the guest."));
    }

    /// <summary>The area.</summary>
    public AttachedArea Area { get; }

    /// <summary>Whether it held pages at the start.</summary>
    public bool HadPages { get; }

    /// <summary>Attaches.</summary>
    /// <exception cref="CommandFailedException">The area is not to be had.</exception>
    public static async Task<DeviceSession> BeginAsync(
        CommandRun run, NbdSettings settings, RemoteSwapConnection connection)
    {
        SessionFile file = SessionFile.Of(run, settings.SessionPath);

        // A session may be there whose ring is not: its pages are to go anyway.
        using KeyRing? ring = settings.ForgetsPages && settings.Seal is { } seal
            ? KeyRing.Open(seal, run.Server.TenantOrDefault, run.Area, mayBegin: true)
            : null;
        bool isAttached = false;
        try
        {
            // (1), (2)
            AttachReply reply = file.Read() is { } ticket
                ? await GoOnAsync(run, settings, connection, file, ticket)
                : await AttachAnewAsync(run, settings, connection, file);
            await RefuseCacheAsync(run, file, reply);
            isAttached = true;
            return new DeviceSession(
                run, settings, file, reply.Area!, isResumed: reply.Outcome == AttachOutcome.Resumed);
        }
        catch (InvalidOperationException broken)
        {
            throw TimeoutLadder.Broken(settings.Stall, broken);
        }
        catch (Exception failed) when (
            settings.EvictTo is not null && failed is IOException or UnauthorizedAccessException)
        {
            throw CommandFailedException.Failed($"--evict-to can not be had: {failed.Message}");
        }
        finally
        {
            if (!isAttached && ring is { IsNew: true })
            {
                ring.Shred();
            }
        }
    }

    /// <summary>Ends it as asked for, or as is safe for the guest.</summary>
    public async Task EndAsync()
    {
        // (4)
        if (_settings.DropsPages || (_settings.Command is not null && !_wasThere))
        {
            bool keepsPages = !_settings.DropsPages && HadPages;
            ulong? gone = await Area.DetachAsync(keepsPages, CancellationToken.None);
            _file.Delete();
            string over = $"the session of {OwnerWords.Place(_run)} was over already";
            _run.Remark((gone, _settings.Seal) switch
            {
                (null, not null) when !keepsPages =>
                    over + "; the keys of its pages were NOT erased: 'remoteswap seal shred' does it",
                (null, _) => over,
                _ => $"{gone} pages of area {_run.Area} dropped; the session is over",
            });
        }
        else if (Area.Fenced.IsCancellationRequested)
        {
            _run.Remark(
                $"the session of {_file.Path} is over; the file stays, so that nobody takes the area for empty");
        }
        else if (_settings.Command is null)
        {
            _run.Remark(
                $"pages and session of area {_run.Area} are kept for as long as the server keeps a silent owner's (1h "
                + $"unless set): the same command goes on with them ({_file.Path}); --detach drops them");
        }
    }

    /// <summary>Lets go: the server keeps the session for a while.</summary>
    public ValueTask DisposeAsync() => Area.DisposeAsync();

    // A disk whose pages may go at any time is no disk.
    private static async Task RefuseCacheAsync(CommandRun run, SessionFile file, AttachReply reply)
    {
        if (reply.Area is { IsEphemeral: true } area)
        {
            await area.DetachAsync(keepPages: true, CancellationToken.None);
            file.Delete();
            throw CommandFailedException.Failed(
                $"{OwnerWords.Place(run)} is a cache: its pages may be dropped at any time (the server's setting "
                + "Tenants:NAME:Retention is Ephemeral); a device needs a Persistent tenant.");
        }
    }

    private static async Task<AttachReply> GoOnAsync(
        CommandRun run,
        NbdSettings settings,
        RemoteSwapConnection connection,
        SessionFile file,
        SessionTicket ticket)
    {
        AttachReply reply = await connection.AttachAsync(
            run.Area,
            Options(run, settings, file) with { Mode = AttachMode.Resume, Ticket = ticket },
            CancellationToken.None);
        if (reply.Area is null)
        {
            return settings.TakesOver || (settings.ForgetsPages && reply.Outcome == AttachOutcome.Fenced)
                ? await AttachAnewAsync(run, settings, connection, file)
                : throw Over(run, file, reply);
        }

        if (!settings.ForgetsPages)
        {
            run.Remark($"going on with the session of {file.Path} (epoch {reply.Area.Epoch})"
                + (reply.Area.HasLostPages ? "; the server has lost pages: they read as I/O errors" : "")
                + (reply.Area.EvictedPages > 0 ? $"; {reply.Area.EvictedPages} pages are in the eviction file" : ""));
            return reply;
        }

        // A session of its own: nothing of the former one can come late.
        await reply.Area.DetachAsync(ct: run.Stop);
        return await AttachAnewAsync(run, settings, connection, file);
    }

    private static async Task<AttachReply> AttachAnewAsync(
        CommandRun run, NbdSettings settings, RemoteSwapConnection connection, SessionFile file)
    {
        // Without a way to stop it: the area could be owned by nobody who knows of it.
        AttachReply reply = await connection.AttachAsync(
            run.Area,
            Options(run, settings, file) with
            {
                Mode = settings.TakesOver ? AttachMode.TakeOver : AttachMode.Exclusive,
                DiscardsPages = settings.ForgetsPages,

                // Whoever takes over with the former owner's file knows whether the server that had the pages is gone.
                PagesOfIncarnation = settings.ForgetsPages ? 0 : file.Read()?.Incarnation ?? 0,
            },
            CancellationToken.None);
        if (reply.Area is null)
        {
            throw OwnerWords.Held(
                run,
                reply,
                "stop that device, or take the area from it with --take-over: the pages stay, and that device "
                + "answers I/O errors. If it was this one, give its --session FILE");
        }

        // (3)
        if (file.Written != reply.Area.Ticket)
        {
            await reply.Area.DetachAsync(keepPages: true, CancellationToken.None);
            throw CommandFailedException.Failed(
                $"the session can not be kept in '{file.Path}'; give a --session in a folder that you may write to");
        }

        return reply;
    }

    private static AttachOptions Options(CommandRun run, NbdSettings settings, SessionFile file) => new()
    {
        EvictTo = settings.EvictTo,
        TicketChanged = ticket => Keep(run, file, ticket),
    };

    // It may be called while the session is resumed in the background; a device that serves does not end for that.
    private static void Keep(CommandRun run, SessionFile file, SessionTicket ticket)
    {
        try
        {
            file.Write(ticket);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            run.Error.WriteLine(
                $"remoteswap nbd: session file '{file.Path}' can not be written: {failed.Message}; a device that is "
                + "started again could not go on");
        }
    }

    private static CommandFailedException Over(CommandRun run, SessionFile file, AttachReply reply)
    {
        string area = OwnerWords.Place(run);
        string what = (reply.Outcome, reply.Holder.Length) switch
        {
            (AttachOutcome.WrongToken, _) => $"is not that of the owner of {area}; give the right --session, or",
            (_, 0) => $"is over: {area} was abandoned for too long, or detached, and its pages may be gone;",
            _ => $"is over: {area} belongs to '{reply.Holder}' now;",
        };
        return new CommandFailedException(
            ExitCode.Permission,
            $"the session of '{file.Path}' {what} {NewGuest}; or give --take-over to have the area as it is, if you "
            + "know that its pages are the guest's");
    }
}
