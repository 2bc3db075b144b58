using RemoteSwap.Client;
using RemoteSwap.LoadGen.Chaos.Load;
using RemoteSwap.LoadGen.Chaos.Processes;
using RemoteSwap.LoadGen.Statistics;

namespace RemoteSwap.LoadGen.Chaos.Faults;

/// <summary>
/// Does one fault after the other and waits each time until work goes on. What a fault makes legal it writes into the
/// timeline before it begins. Used by one task.
/// </summary>
internal sealed class FaultDoer(ChaosBed bed, ChaosServer server, FaultyProxy proxy, AreaOwners owners)
{
    private const string Tenant = "default";

    // A server that does not come back within this is gone.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    // What was under way in the kernel when a process was told to stand still is over then.
    private static readonly TimeSpan s_settling = TimeSpan.FromMilliseconds(5);

    /// <summary>Pages that the server had in its spill file right after it was started again, over all kills.</summary>
    public long KeptPages { get; private set; }

    /// <summary>Does it.</summary>
    /// <returns>How long it was until work went on, null if it did not; and what went wrong.</returns>
    public async Task<(TimeSpan? Stall, string Remark)> DoAsync(Fault fault, CancellationToken ct)
    {
        long from = bed.Clock.GetTimestamp();
        string remark = string.Empty;
        Task<long> next;
        switch (fault.Kind)
        {
            case FaultKind.Kill:
                next = await KillAsync(fault.Length, ct);
                break;
            case FaultKind.Pause:
                next = await PauseAsync(fault.Length, ct);
                break;
            case FaultKind.Reset:
                proxy.Reset();
                next = bed.Successes.NextAsync();
                break;
            case FaultKind.TakeOver:
                await owners.AttachAsync(ct);
                next = bed.Successes.NextAsync();
                remark = await FormerOwnerCheck.RunAsync(bed, owners.Former!);
                break;
            default:
                next = await BlockAsync(fault, ct);
                break;
        }

        try
        {
            long until = await next.WaitAsync(s_patience, bed.Clock, ct);
            return (bed.Clock.GetElapsedTime(from, until), remark);
        }
        catch (TimeoutException)
        {
            return (null, $"no call succeeded within {s_patience.TotalSeconds:F0} s");
        }
    }

    private async Task<Task<long>> KillAsync(TimeSpan away, CancellationToken ct)
    {
        bed.History.Timeline.BeginLoss(bed.Clock.GetTimestamp());
        await server.KillAsync();
        bed.History.Timeline.EndLoss(bed.Clock.GetTimestamp());
        Task<long> next = bed.Successes.NextAsync();
        await Task.Delay(away, bed.Clock, ct);
        await server.StartAsync(ct);
        using StatisticsReader reader = new(
            new RemoteSwapClientOptions { Address = proxy.Address, Tenant = Tenant }, [Tenant]);
        KeptPages += (await reader.TryReadAsync())?.SpilledPages ?? 0;
        return next;
    }

    private async Task<Task<long>> PauseAsync(TimeSpan length, CancellationToken ct)
    {
        server.Pause();
        try
        {
            await Task.Delay(s_settling, bed.Clock, ct);
            Task<long> next = bed.Successes.NextAsync();
            await Task.Delay(length, bed.Clock, ct);
            return next;
        }
        finally
        {
            server.Resume();
        }
    }

    private async Task<Task<long>> BlockAsync(Fault fault, CancellationToken ct)
    {
        ProxyGate[] gates = fault.Kind switch
        {
            FaultKind.BlockToServer => [proxy.ToServer],
            FaultKind.BlockToClient => [proxy.ToClient],
            _ => [proxy.ToServer, proxy.ToClient],
        };
        Array.ForEach(gates, gate => gate.Close());
        try
        {
            await Task.Delay(s_settling, bed.Clock, ct);
            Task<long> next = bed.Successes.NextAsync();
            await Task.Delay(fault.Length, bed.Clock, ct);
            return next;
        }
        finally
        {
            Array.ForEach(gates, gate => gate.Open());
        }
    }
}
