namespace RemoteSwap.Server.Grpc;

/// <summary>What is wrong with a message before anybody has looked at what it says; metrics count them.</summary>
internal enum MessageFault
{
    /// <summary>Nothing, or something in what it says.</summary>
    None = 0,

    /// <summary>The bytes are no message of the method.</summary>
    Malformed,

    /// <summary>It says that it is compressed.</summary>
    Compressed,

    /// <summary>It is larger than the method takes.</summary>
    TooLarge,

    /// <summary>It ended before its length, or more came behind it.</summary>
    WrongLength,
}
