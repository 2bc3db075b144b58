using Google.Protobuf;

namespace RemoteSwap.Fuzz.Wire;

/// <summary>The generated code's reading of a message.</summary>
internal static class Generated
{
    /// <summary>Reads a message; null: the bytes are none.</summary>
    public static T? Read<T>(MessageParser<T> parser, byte[] message)
        where T : class, IMessage<T>
    {
        try
        {
            return parser.ParseFrom(message);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }
}
