using System.Runtime.CompilerServices;

namespace RemoteSwap.Server.Transport;

/// <summary>
/// The threads that poll sockets and go on with what arrives (<see cref="RemoteSwap.Wire.InlineSockets"/>). There are a
/// few of them for all connections, so what takes long leaves them first.
/// </summary>
internal static class Poller
{
    /// <summary>Goes on upon a thread of the pool; at once where it is one already.</summary>
    public static PollerLeave LeaveAsync() => default;

    /// <summary>Waits for a thread of the pool.</summary>
    public readonly struct PollerLeave : ICriticalNotifyCompletion
    {
        /// <summary>Whether this is one; who has brought a context of its own sees to its order by itself.</summary>
        public bool IsCompleted =>
            Thread.CurrentThread.IsThreadPoolThread || SynchronizationContext.Current is not null;

        /// <summary>Itself.</summary>
        public PollerLeave GetAwaiter() => this;

        /// <summary>Nothing.</summary>
        public void GetResult()
        {
            // There is no result.
        }

        /// <inheritdoc/>
        public void OnCompleted(Action continuation) =>
            ThreadPool.QueueUserWorkItem(static next => next(), continuation, preferLocal: false);

        /// <inheritdoc/>
        public void UnsafeOnCompleted(Action continuation) =>
            ThreadPool.UnsafeQueueUserWorkItem(static next => next(), continuation, preferLocal: false);
    }
}
