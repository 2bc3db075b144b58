using System.Globalization;
using RemoteSwap.Client;
using RemoteSwap.Simulation.Actors;
using RemoteSwap.Simulation.Judge;
using RemoteSwap.Simulation.World;

namespace RemoteSwap.Simulation;

/// <summary>
/// One seed: (1) a server and two clients, one of which owns the area; (2) work, while things go wrong; (3) all is
/// mended, and what is under way must come to an end; (4) the owner reads every slot, and is told the truth.
/// </summary>
public static class SimRun
{
    private const long MaxSteps = 3_000_000;
    private static readonly TimeSpan s_late = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(10);

    /// <summary>Runs seeds and throws for the first that breaks the contract.</summary>
    /// <param name="first">The first seed.</param>
    /// <param name="count">How many.</param>
    /// <returns>Steps, loads judged, and pages found, in words.</returns>
    public static string Run(int first, int count)
    {
        long steps = 0;
        long readings = 0;
        long found = 0;
        for (int seed = first; seed < first + count; seed++)
        {
            SimSummary summary = RunOne(seed);
            steps += summary.Steps;
            readings += summary.Readings;
            found += summary.PagesFound;
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"seeds {first} to {first + count - 1}: {steps} steps, {readings} loads judged, {found} pages compared");
    }

    /// <summary>Runs a seed twice: it must be the same history.</summary>
    public static void RunTwice(int seed)
    {
        SimSummary one = RunOne(seed);
        SimSummary two = RunOne(seed);
        if (one != two)
        {
            throw new SimViolationException($"seed {seed} is not the same twice: {one} and {two}");
        }
    }

    private static SimSummary RunOne(int seed)
    {
        SynchronizationContext? before = SynchronizationContext.Current;
        using SimWorld world = new(seed);
        SynchronizationContext.SetSynchronizationContext(world.Scheduler);
        try
        {
            return Live(world);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            throw new SimViolationException(
                $"seed {seed}, step {world.Scheduler.Steps}, {world.Plan}: {failure}");
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private static SimSummary Live(SimWorld world)
    {
        // (1)
        History history = new(world);
        world.StartServer();
        KnownIncarnation known = new();
        SimClient[] clients = [new(world, history, "a", known), new(world, history, "b", known)];
        Task first = clients[0].RunAsync(AttachMode.Exclusive);
        Require(world, () => first.IsCompleted, "the first attach");

        // (2)
        Task faults = new SimFaults(world, clients).RunAsync();
        Require(world, () => faults.IsCompleted, "the faults");

        // (3)
        Array.ForEach(clients, client => client.IsWorking = false);
        Require(
            world,
            () => clients.All(client => client.Busy == 0),
            () => "what was under way when all was mended "
                + $"({string.Join("; ", clients.Select(client => client.ToString()))})");

        // Copies of requests that are late may still come, an attach among them.
        world.Scheduler.RunUntil(() => world.Violation is not null, s_late, MaxSteps);

        // (4)
        SimClient last = new(world, history, "last", known) { IsWorking = false };
        Task attached = last.RunAsync(AttachMode.TakeOver);
        Require(world, () => attached.IsCompleted, "the last attach");
        Task checks = CheckAllAsync(last);
        Require(world, () => checks.IsCompleted, "the last loads");
        checks.GetAwaiter().GetResult();
        if ((world.Server!.Broken ?? world.Server.Audit()) is { } broken)
        {
            throw new SimViolationException(broken);
        }

        return new SimSummary(
            world.Scheduler.Steps, world.Scheduler.Digest, history.Readings.All, history.Readings.Found);
    }

    private static async Task CheckAllAsync(SimClient owner)
    {
        foreach (ulong slot in SimWorker.Slots)
        {
            await owner.CheckAsync(slot);
        }
    }

    private static void Require(SimWorld world, Func<bool> isDone, string what) => Require(world, isDone, () => what);

    private static void Require(SimWorld world, Func<bool> isDone, Func<string> what)
    {
        bool isOver = world.Scheduler.RunUntil(() => world.Violation is not null || isDone(), s_longest, MaxSteps);
        if (world.Violation is { } violation)
        {
            throw new SimViolationException(violation.ToString());
        }

        if (!isOver)
        {
            throw new SimViolationException($"{what()} did not come to an end");
        }
    }
}
