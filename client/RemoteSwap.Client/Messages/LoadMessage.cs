using RemoteSwap.V1;
using RemoteSwap.Wire;

namespace RemoteSwap.Client.Messages;

/// <summary>Builds loads.</summary>
internal static class LoadMessage
{
    private const int MaxSlotBytes = 10;
    private const int FlagBytes = 2;

    /// <summary>Puts slots into a request.</summary>
    /// <param name="message">The request.</param>
    /// <param name="name">Whose pages.</param>
    /// <param name="slots">The slots, 1 to 512.</param>
    /// <param name="exclusive">Whether the pages will be taken over.</param>
    public static void Build(RequestMessage message, AreaName name, ReadOnlySpan<ulong> slots, bool exclusive)
    {
        message.Begin(MessageWriter.ColumnBytes(slots.Length, MaxSlotBytes) + name.MaxBytes + FlagBytes);
        MessageWriter writer = new(message.Room);
        name.Write(ref writer, message);
        writer.WriteColumn(LoadRequest.SlotsFieldNumber, slots);
        writer.WriteNumber(LoadRequest.ExclusiveFieldNumber, exclusive ? 1UL : 0UL);
        message.End(writer.Length);
    }
}
