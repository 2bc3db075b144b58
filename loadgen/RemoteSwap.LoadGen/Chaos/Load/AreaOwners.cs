using RemoteSwap.Client;
using RemoteSwap.LoadGen.Verification.Histories;
using RemoteSwap.LoadGen.Workload;

namespace RemoteSwap.LoadGen.Chaos.Load;

/// <summary>
/// The clients that own the area one after the other: each takes it over from the one before, who then can do nothing
/// any more. The former one stays open until the next take-over, so that its late requests can be seen to be fenced.
/// <para>One task attaches; any thread may read the current owner.</para>
/// </summary>
internal sealed class AreaOwners(
    Uri address,
    TimeSpan callDeadline,
    AreaHistory history,
    TimeProvider clock,
    Func<ISwapTarget, ISwapTarget> wrap) : IAsyncDisposable
{
    /// <summary>The area.</summary>
    public const uint Area = 0;

    private const int MaxAttempts = 10;

    private AreaOwner? _current;

    /// <summary>Who owns the area.</summary>
    public AreaOwner Current => Volatile.Read(ref _current)!;

    /// <summary>Who owned it before; null: nobody.</summary>
    public AreaOwner? Former { get; private set; }

    /// <summary>Attaches a new client.</summary>
    /// <exception cref="ChaosFailedException">The area is not to be had.</exception>
    public async Task AttachAsync(CancellationToken ct)
    {
        int session = (_current?.Session ?? 0) + 1;

        // Every second one would rather stand still than fail.
        RemoteSwapConnection connection = RemoteSwapConnection.Open(new RemoteSwapClientOptions
        {
            Address = address,
            CallDeadline = callDeadline,
            WaitsForServer = session % 2 == 0,
        });
        AttachedArea area;
        try
        {
            area = await AttachAsync(connection, session, ct);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        if (_current is not null)
        {
            history.Fence(_current.Session);
        }

        AreaOwner? last = Former;
        Former = _current;
        ISwapTarget target = wrap(new ClientSwapTarget(connection, area.Pages));
        Volatile.Write(ref _current, new AreaOwner(session, connection, area, target));
        if (last is not null)
        {
            await last.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (AreaOwner? owner in new[] { Former, _current })
        {
            if (owner is not null)
            {
                await owner.DisposeAsync();
            }
        }
    }

    private async Task<AttachedArea> AttachAsync(RemoteSwapConnection connection, int session, CancellationToken ct)
    {
        AttachOptions how = new()
        {
            Mode = session == 1 ? AttachMode.Exclusive : AttachMode.TakeOver,
            Holder = $"chaos {session}",
        };
        string failure = string.Empty;
        for (int attempt = 0; attempt < MaxAttempts; attempt++)
        {
            // An attach whose answer is late may fence all the same.
            history.Timeline.BeginFence(session - 1, clock.GetTimestamp());
            try
            {
                AttachReply reply = await connection.AttachAsync(Area, how, ct);
                if (reply.Area is not null)
                {
                    return reply.Area;
                }

                failure = $"{reply.Outcome}, held by '{reply.Holder}'";
                how = how with { Mode = AttachMode.TakeOver };
            }
            catch (RemoteSwapException failed)
            {
                failure = failed.Message;
            }
        }

        throw new ChaosFailedException($"area {Area} could not be attached in {MaxAttempts} attempts: {failure}");
    }
}
