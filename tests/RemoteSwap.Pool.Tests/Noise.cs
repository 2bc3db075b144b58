namespace RemoteSwap.Pool.Tests;

/// <summary>Bytes that name who wrote them: each id has its own run, and no two runs look alike.</summary>
internal static class Noise
{
    // A prime stride through the run, so that ids near each other do not share bytes at the same place.
    private const int Stride = 1237;
    private static readonly byte[] Bytes = Create();

    /// <summary>The bytes that an id's zpage has.</summary>
    public static ReadOnlySpan<byte> Of(int id, int count) =>
        Bytes.AsSpan((int)((uint)(id * Stride) % (Bytes.Length - FrameArena.FrameBytes)), count);

    /// <summary>The owner record that an id's zpage has.</summary>
    public static ReadOnlySpan<byte> RecordOf(int id) => Of(~id, FrameHeader.OwnerRecordBytes);

    private static byte[] Create()
    {
        byte[] bytes = new byte[1 << 18];
        new Random(20130930).NextBytes(bytes);
        return bytes;
    }
}
