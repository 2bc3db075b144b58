using RemoteSwap.Client;
using RemoteSwap.Simulation.Judge;
using RemoteSwap.Simulation.Network;
using RemoteSwap.Simulation.World;

namespace RemoteSwap.Simulation.Actors;

/// <summary>
/// A client machine: attaches to the area, works on it with a few workers, and may be killed and started again with
/// what it had written down (its session's ticket).
/// </summary>
internal sealed class SimClient(SimWorld world, History history, string name, KnownIncarnation known)
{
    private const int Workers = 3;

    private RemoteSwapConnection? _connection;
    private SessionTicket? _ticket;
    private int _life;
    private string _doing = string.Empty;

    /// <summary>The path to the server; a new one for each life.</summary>
    public SimLink Link { get; private set; } = new(world.Scheduler, world.Plan.SlowestMs);

    /// <summary>The area; null: it has none at present.</summary>
    public AttachedArea? Area { get; private set; }

    /// <summary>Its session in the history.</summary>
    public Tenure? Tenure { get; private set; }

    /// <summary>Whether its workers go on.</summary>
    public bool IsWorking { get; set; } = true;

    /// <summary>Workers that have something under way.</summary>
    public int Busy { get; private set; }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{name}: life {_life}, {Busy} busy, fenced {Area?.Fenced.IsCancellationRequested}, {_doing}";

    /// <summary>Begins a life: attaches, then works.</summary>
    public async Task RunAsync(AttachMode mode)
    {
        int life = ++_life;
        Busy++;
        bool isAttached = false;
        while (!isAttached && life == _life)
        {
            isAttached = await TryAttachAsync(mode, life);
            if (!isAttached)
            {
                await SimTasks.Delay(world.Scheduler.Between(100, 2000));
            }
        }

        if (life == _life)
        {
            Busy--;
        }

        for (int worker = 0; worker < Workers && life == _life && IsWorking; worker++)
        {
            _ = WorkAsync(life);
        }
    }

    /// <summary>Ends its life without a word; what is under way is unknown for ever.</summary>
    public void Kill()
    {
        _life++;
        Busy = 0;
        Link.IsDead = true;
        Link.Break();
        _ = _connection?.DisposeAsync().AsTask();
        _connection = null;
        Area = null;
    }

    /// <summary>Loads a slot until it is told what is there.</summary>
    public async Task CheckAsync(ulong slot)
    {
        const int Tries = 20;
        for (int i = 0; ; i++)
        {
            Reading reading = history.BeginReading(slot, Tenure!, isSingle: false);
            byte[] page = new byte[4096];
            try
            {
                LoadOutcome outcome = (await Area!.Pages.LoadAsync(new[] { slot }, page))[0];
                if (outcome == LoadOutcome.Fenced)
                {
                    throw new SimViolationException($"slot {slot}: the last owner is fenced");
                }

                history.End(reading, outcome, page);
                return;
            }
            catch (RemoteSwapException failure) when (i < Tries)
            {
                // Left over from before: a stream that is silent is found out after a while.
                _ = failure;
                await SimTasks.Delay(TimeSpan.FromSeconds(1));
            }
        }
    }

    private RemoteSwapConnection Connect()
    {
        Link = new SimLink(world.Scheduler, world.Plan.SlowestMs);
        RemoteSwapClientOptions options = new()
        {
            Address = new Uri("http://sim"),
            Streams = world.Plan.Streams,
            WaitsForServer = world.Plan.WaitsForServer,
            Seal = world.Plan.Seals ? SimKeys.Options : null,
        };
        return new RemoteSwapConnection(
            new SimCallInvoker(world, Link), new MemoryStream(), options, world.Time);
    }

    private async Task<bool> TryAttachAsync(AttachMode mode, int life)
    {
        _connection ??= Connect();
        bool resumes = mode == AttachMode.Resume && _ticket is not null;
        mode = resumes ? mode : mode == AttachMode.Resume ? AttachMode.TakeOver : mode;

        // A resumed session is a new tenure: its former life is fenced.
        Tenure tenure = history.BeginTenure();
        _doing = $"{mode} since {world.Scheduler.Now}";
        AttachOptions options = new()
        {
            Mode = mode,
            Holder = name,
            Ticket = resumes ? _ticket : null,
            PagesOfIncarnation = resumes ? 0 : known.Incarnation,
            TicketChanged = ticket =>
            {
                if (life == _life)
                {
                    _ticket = ticket;
                    known.Incarnation = ticket.Incarnation;
                }
            },
        };
        try
        {
            AttachReply reply = await _connection.AttachAsync(0, options);
            if (life != _life)
            {
                return false;
            }

            if (reply.Area is null)
            {
                _ticket = reply.Outcome is AttachOutcome.Fenced or AttachOutcome.WrongToken ? null : _ticket;
                return false;
            }

            tenure.Attached = world.Scheduler.Now;
            tenure.Epoch = reply.Area.Epoch;
            tenure.MayBeAbandoned = world.Plan.AbandonedFor < TimeSpan.FromMinutes(5);
            Tenure = tenure;
            Area = reply.Area;
            return true;
        }
        catch (RemoteSwapException)
        {
            return false;
        }
    }

    private async Task WorkAsync(int life)
    {
        Busy++;
        SimWorker worker = new(world, history, Area!, Tenure!, () => life == _life);
        while (IsWorking && life == _life)
        {
            try
            {
                await worker.DoSomethingAsync();
            }
            catch (Exception failure) when (life != _life && failure is not SimViolationException)
            {
                // Its process is gone.
                return;
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                world.Violation ??= failure;
                return;
            }

            if (worker.IsFenced && life == _life)
            {
                break;
            }

            await SimTasks.Delay(world.Scheduler.Between(0, 300));
        }

        if (life == _life)
        {
            Busy--;
        }
    }
}
