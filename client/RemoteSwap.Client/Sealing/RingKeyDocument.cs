namespace RemoteSwap.Client.Sealing;

/// <summary>A data key in a ring's file.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Wrapped">The key, wrapped by the user's.</param>
internal sealed record RingKeyDocument(int Number, DateTimeOffset Created, byte[] Wrapped);
