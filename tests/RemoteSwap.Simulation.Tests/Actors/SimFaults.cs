using RemoteSwap.Client;
using RemoteSwap.Simulation.World;

namespace RemoteSwap.Simulation.Actors;

/// <summary>What goes wrong, one thing after the other, until the time of faults is over.</summary>
internal sealed class SimFaults(SimWorld world, SimClient[] clients)
{
    private readonly Random _random = world.Scheduler.Random;

    /// <summary>Lets things go wrong; then mends all.</summary>
    public async Task RunAsync()
    {
        long end = world.Scheduler.Now + world.Plan.FaultsFor.Ticks;
        while (world.Scheduler.Now < end)
        {
            await SimTasks.Delay(world.Scheduler.Between(50, 5000));
            await OneAsync();
        }

        world.FaultsAreOn = false;
        Array.ForEach(clients, client => client.Link.Release());
        if (world.Server is null)
        {
            world.StartServer();
        }
    }

    private async Task OneAsync()
    {
        SimClient client = clients[_random.Next(clients.Length)];
        switch (_random.Next(10))
        {
            case 0 or 1 or 2:
                client.Link.Break();
                break;
            case 3:
                await HoldAsync(client, toServer: true, toClient: true);
                break;
            case 4:
                await HoldAsync(client, toServer: true, toClient: false);
                break;
            case 5:
                await HoldAsync(client, toServer: false, toClient: true);
                break;
            case 6 or 7 when world.Plan.LosesMemory:
                world.KillServer();
                await SimTasks.Delay(world.Scheduler.Between(10, 4000));
                world.StartServer();
                break;
            case 8 when world.Plan.RestartsClients && client.Area is not null:
                client.Kill();
                await SimTasks.Delay(world.Scheduler.Between(1, 3000));
                _ = client.RunAsync(AttachMode.Resume);
                break;
            case 9 when world.Plan.TakesOver:
                SimClient other = clients[_random.Next(clients.Length)];
                other.Kill();
                _ = other.RunAsync(AttachMode.TakeOver);
                break;
            default:
                break;
        }
    }

    private async Task HoldAsync(SimClient client, bool toServer, bool toClient)
    {
        client.Link.Hold(toServer, toClient);
        await SimTasks.Delay(world.Scheduler.Between(10, 15_000));
        client.Link.Release();
    }
}
