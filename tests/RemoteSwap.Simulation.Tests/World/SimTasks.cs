using System.Runtime.ExceptionServices;

namespace RemoteSwap.Simulation.World;

/// <summary>
/// What production code finds in place of the thread pool, the system's clock and its chance when it is compiled for a
/// simulation (<see cref="Rewriting"/>).
/// </summary>
internal static class SimTasks
{
    [ThreadStatic]
    private static SimScheduler? t_scheduler;

    /// <summary>The world of this thread.</summary>
    public static SimScheduler Scheduler
    {
        get => t_scheduler ?? throw new InvalidOperationException("no simulation runs on this thread");
        set => t_scheduler = value;
    }

    /// <summary>In place of Random.Shared.</summary>
    public static Random Random => Scheduler.Random;

    /// <summary>In place of Task.Run.</summary>
    public static Task Run(Func<Task> action)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Scheduler.Post(static state => _ = ForwardAsync((Work)state!), new Work(action, done));
        return done.Task;
    }

    /// <summary>In place of Task.Run.</summary>
    public static Task Run(Action action) => Run(() =>
    {
        action();
        return true;
    });

    /// <summary>In place of Task.Run.</summary>
    public static Task<T> Run<T>(Func<T> action)
    {
        TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Scheduler.Post(_ => done.SetResult(action()), null);
        return done.Task;
    }

    /// <summary>In place of Task.Delay by the system's clock.</summary>
    public static Task Delay(TimeSpan time)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Scheduler.At(time, done.SetResult);
        return done.Task;
    }

    /// <summary>In place of Task.Delay by the system's clock.</summary>
    public static async Task Delay(TimeSpan time, CancellationToken cancellation)
    {
        await Delay(time);
        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>In place of Task.WhenAll, which goes over the thread pool for some tasks.</summary>
    public static async Task WhenAll(params IEnumerable<Task> tasks)
    {
        Exception? first = null;
        foreach (Task task in tasks.ToArray())
        {
            try
            {
                await task;
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                first ??= failure;
            }
        }

        if (first is not null)
        {
            ExceptionDispatchInfo.Throw(first);
        }
    }

    /// <summary>In place of Task.WhenAny.</summary>
    public static Task<Task> WhenAny(params Task[] tasks)
    {
        TaskCompletionSource<Task> any = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Array.ForEach(tasks, task => _ = AwaitAnyAsync(task, any));
        return any.Task;
    }

    /// <summary>In place of CancelAsync.</summary>
    public static Task CancelLater(this CancellationTokenSource source)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Scheduler.Post(
            _ =>
            {
                source.Cancel();
                done.SetResult();
            },
            null);
        return done.Task;
    }

    /// <summary>In place of AsTask, which does not keep the context.</summary>
    public static async Task AsWorldTask(this ValueTask task) => await task;

    /// <summary>In place of AsTask, which does not keep the context.</summary>
    public static async Task<T> AsWorldTask<T>(this ValueTask<T> task) => await task;

    private static async Task AwaitAnyAsync(Task task, TaskCompletionSource<Task> any)
    {
        try
        {
            await task;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // Whoever waits looks at the task.
        }

        any.TrySetResult(task);
    }

    private static async Task ForwardAsync(Work work)
    {
        try
        {
            await work.Action();
            work.Done.SetResult();
        }
        catch (Exception failure) when (failure is not InvalidProgramException)
        {
            work.Done.SetException(failure);
        }
    }

    private sealed record Work(Func<Task> Action, TaskCompletionSource Done);
}
