namespace RemoteSwap.Wire;

/// <summary>How a field's value is laid out (Protocol Buffers, encoding, "message structure").</summary>
public enum WireType
{
    /// <summary>A variable-length number.</summary>
    Varint = 0,

    /// <summary>Eight bytes.</summary>
    Fixed64 = 1,

    /// <summary>A length, then so many bytes: strings, bytes, messages, packed columns.</summary>
    Length = 2,

    /// <summary>Four bytes.</summary>
    Fixed32 = 5,
}
