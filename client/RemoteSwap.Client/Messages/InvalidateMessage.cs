using RemoteSwap.V1;
using RemoteSwap.Wire;

namespace RemoteSwap.Client.Messages;

/// <summary>Builds invalidations.</summary>
internal static class InvalidateMessage
{
    private const int MaxNumberBytes = 10;
    private const int FlagBytes = 2;

    /// <summary>Puts slots and their generations into a request.</summary>
    /// <param name="message">The request.</param>
    /// <param name="name">Whose pages.</param>
    /// <param name="slots">The slots, 1 to 512.</param>
    /// <param name="generations">The generation of each.</param>
    /// <param name="acknowledgesLoad">Whether the slots have been loaded and taken over.</param>
    public static void Build(
        RequestMessage message,
        AreaName name,
        ReadOnlySpan<ulong> slots,
        ReadOnlySpan<ulong> generations,
        bool acknowledgesLoad)
    {
        message.Begin((2 * MessageWriter.ColumnBytes(slots.Length, MaxNumberBytes)) + name.MaxBytes + FlagBytes);
        MessageWriter writer = new(message.Room);
        name.Write(ref writer, message);
        writer.WriteColumn(InvalidateRequest.SlotsFieldNumber, slots);
        writer.WriteColumn(InvalidateRequest.GenerationsFieldNumber, generations);
        writer.WriteNumber(InvalidateRequest.AcknowledgeLoadFieldNumber, acknowledgesLoad ? 1UL : 0UL);
        message.End(writer.Length);
    }

    /// <summary>Puts a run of slots into a request.</summary>
    /// <param name="message">The request.</param>
    /// <param name="name">Whose pages.</param>
    /// <param name="first">The first slot.</param>
    /// <param name="count">How many.</param>
    /// <param name="generation">The generation of the invalidation.</param>
    public static void BuildRange(RequestMessage message, AreaName name, ulong first, ulong count, ulong generation)
    {
        const int RangeBytes = MessageWriter.OpenBytes + (2 * (1 + MaxNumberBytes));
        message.Begin(RangeBytes + 1 + MaxNumberBytes + name.MaxBytes);
        MessageWriter writer = new(message.Room);
        name.Write(ref writer, message);
        int opened = writer.Open(InvalidateRequest.RangesFieldNumber);
        writer.WriteNumber(SlotRange.FirstFieldNumber, first);
        writer.WriteNumber(SlotRange.CountFieldNumber, count);
        writer.Close(opened);
        writer.WriteNumber(InvalidateRequest.RangesGenerationFieldNumber, generation);
        message.End(writer.Length);
    }
}
