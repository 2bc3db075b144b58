using Xunit;

namespace RemoteSwap.Store.Tests.Evictions;

/// <summary>
/// Every order of what can happen to a page between its way out and its end: B8 and C3 for the Evictions stream. All
/// sequences of three events, not a choice of them.
/// </summary>
public sealed class EvictionOrderTests
{
    private const int Length = 3;
    private const int Orders = 12 * 12 * 12;
    private static readonly EvictionEvent[] s_events = Enum.GetValues<EvictionEvent>();

    [Fact]
    public async Task A_page_is_right_in_every_order_of_events() => Assert.Equal(Orders, await RunAsync(Length));

    /// <summary>Runs all orders of so many events.</summary>
    /// <returns>How many there are.</returns>
    internal static async Task<int> RunAsync(int length)
    {
        int orders = (int)Math.Pow(s_events.Length, length);
        for (int order = 0; order < orders; order++)
        {
            EvictionEvent[] events = Of(order, length);
            try
            {
                await using EvictionScript script = new();
                await script.RunAsync(events);
            }
            catch (Exception failed) when (failed is not OperationCanceledException)
            {
                throw new InvalidOperationException($"{string.Join(", ", events)}: {failed.Message}", failed);
            }
        }

        return orders;
    }

    private static EvictionEvent[] Of(int order, int length)
    {
        EvictionEvent[] events = new EvictionEvent[length];
        for (int i = 0; i < length; i++)
        {
            events[i] = s_events[order % s_events.Length];
            order /= s_events.Length;
        }

        return events;
    }
}
