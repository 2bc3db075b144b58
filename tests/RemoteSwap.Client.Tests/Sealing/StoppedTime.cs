namespace RemoteSwap.Client.Tests.Sealing;

/// <summary>A clock that stands still, so that the generations of all lives are the same.</summary>
internal sealed class StoppedTime : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => new(2026, 11, 26, 0, 0, 0, TimeSpan.Zero);
}
