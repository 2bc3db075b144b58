using Microsoft.Extensions.Time.Testing;
using RemoteSwap.Client.Gathering;
using RemoteSwap.Client.Tests.Fakes;
using RemoteSwap.V1;
using Xunit;

namespace RemoteSwap.Client.Tests.Gathering;

/// <summary>Calls under a plug, and what they are judged by.</summary>
internal static class PluggedCalls
{
    /// <summary>What is to come would be there by then.</summary>
    internal static readonly TimeSpan MostWait = TimeSpan.FromSeconds(10);

    /// <summary>What is not to be sent would be there by then.</summary>
    internal static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(30);

    /// <summary>A connection whose time stands still: nothing is sent because a page has waited for long.</summary>
    internal static RemoteSwapConnection Connect(FakeServer server, int streams) =>
        server.Connect(streams, time: new FakeTimeProvider());

    /// <summary>Begins calls under a plug; synchronous, as everything under one has to be.</summary>
    internal static Task[] Plugged(Func<Task[]> begin, Action? beforeTheEnd = null)
    {
        Plug.Begin();
        try
        {
            Task[] calls = begin();
            if (beforeTheEnd is not null)
            {
                SpinWait.SpinUntil(static () => false, Moment);
                beforeTheEnd();
            }

            return calls;
        }
        finally
        {
            Plug.End();
        }
    }

    internal static void OnAnotherThread(Action act)
    {
        Exception? failure = null;
        Thread thread = new(() => failure = Record.Exception(act));
        thread.Start();
        Assert.True(thread.Join(MostWait), "the other thread ends");
        Assert.Null(failure);
    }

    internal static Task<ExchangeRequest> NextAsync(FakeStream stream) => stream.ReadAsync().WaitAsync(MostWait);

    internal static Task<StoreOutcome> StoreAsync(SwapArea area, int slot, byte[]? page = null) =>
        area.StoreAsync((ulong)slot, page ?? Pages.Any(slot)).AsTask();

    internal static Task<LoadOutcome> LoadAsync(SwapArea area, int slot, CancellationToken ct = default) =>
        area.LoadAsync((ulong)slot, new byte[4096], ct).AsTask();
}
