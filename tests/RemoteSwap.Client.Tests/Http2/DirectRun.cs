namespace RemoteSwap.Client.Tests.Http2;

/// <summary>What the mutants of direct streams have to pass: one check of each concern, and random cuts.</summary>
internal static class DirectRun
{
    public static async Task CheckAsync(int seed, int rounds)
    {
        await new DirectAnswerTests().Settings_are_acknowledged_and_pings_answered_before_it_waits();
        await new DirectAnswerTests().A_server_that_asks_and_takes_nothing_is_left();
        await new DirectWindowTests().It_is_given_back_at_half_on_both();
        await new DirectWindowTests().All_that_was_used_is_given_back_whatever_it_was();
        await new DirectWindowTests().Filling_is_given_back_too();
        await new DirectSendingTests().No_frame_is_larger_than_announced(16_385);
        await new DirectSendingTests().It_stops_at_either_window_and_goes_on(0);
        await new DirectSendingTests().It_stops_at_either_window_and_goes_on(1);
        await new DirectSendingTests().A_window_may_be_less_than_nothing();
        await new DirectSendingTests().A_server_that_takes_nothing_bounds_what_waits();
        await new DirectMessageTests().Filling_is_no_part_of_a_message(3);
        await new DirectMessageTests().The_largest_messages_in_the_largest_frames();
        await new DirectBreachTests().A_breach_later("a frame beyond 128 KiB");
        await new DirectBreachTests().A_breach_later("a window too wide");
        await new DirectCancelTests().Disposal_without_credit();
        using (KeepAliveTests alive = new())
        {
            alive.A_byte_begins_it_anew();
        }

        Random random = new(seed);
        for (int round = 0; round < rounds; round++)
        {
            byte[][] messages = [new byte[random.Next(40)], new byte[random.Next(40)], new byte[random.Next(40)]];
            Array.ForEach(messages, random.NextBytes);
            await DirectMessageTests.CheckAsync(messages, Lengths(random), Lengths(random));
        }
    }

    private static int[] Lengths(Random random) =>
        [.. Enumerable.Range(0, random.Next(1, 20)).Select(_ => random.Next(1, 60))];
}
