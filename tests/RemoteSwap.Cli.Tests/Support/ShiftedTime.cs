namespace RemoteSwap.Cli.Tests.Support;

/// <summary>The system's clock, ahead by a time.</summary>
internal sealed class ShiftedTime(TimeSpan ahead) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + ahead;
}
