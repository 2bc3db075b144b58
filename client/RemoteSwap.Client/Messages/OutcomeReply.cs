namespace RemoteSwap.Client.Messages;

/// <summary>Reads the outcomes of stores and invalidations without trusting them.</summary>
internal static class OutcomeReply
{
    /// <summary>What is wrong with the number of outcomes; null: nothing.</summary>
    public static string? LengthViolation(ReplyColumns reply, int pages) => reply.OutcomeCount == pages
        ? null
        : $"outcomes has {reply.OutcomeCount} elements instead of {pages}";

    /// <summary>Reads the outcomes of a store; the lengths agree.</summary>
    /// <returns>What is wrong; null: nothing.</returns>
    public static string? Read(ReplyColumns reply, ReadOnlySpan<ulong> slots, Span<StoreOutcome> outcomes)
    {
        for (int i = 0; i < outcomes.Length; i++)
        {
            outcomes[i] = OutcomeTable.Of((V1.StoreOutcome)reply.Outcomes[i]);
            if (outcomes[i] == StoreOutcome.None)
            {
                return Unknown(reply.Outcomes[i], slots[i]);
            }
        }

        return null;
    }

    /// <summary>Reads the outcomes of an invalidation; the lengths agree.</summary>
    /// <returns>What is wrong; null: nothing.</returns>
    public static string? Read(ReplyColumns reply, ReadOnlySpan<ulong> slots, Span<InvalidateOutcome> outcomes)
    {
        for (int i = 0; i < outcomes.Length; i++)
        {
            outcomes[i] = OutcomeTable.Of((V1.InvalidateOutcome)reply.Outcomes[i]);
            if (outcomes[i] == InvalidateOutcome.None)
            {
                return Unknown(reply.Outcomes[i], slots[i]);
            }
        }

        return null;
    }

    private static string Unknown(uint outcome, ulong slot) => $"outcome {(int)outcome} of slot {slot} is unknown";
}
