namespace RemoteSwap.LoadGen.Chaos.Faults;

/// <summary>Faults in words.</summary>
internal static class FaultNames
{
    /// <summary>A kind's name in reports.</summary>
    public static string Of(FaultKind kind) => kind switch
    {
        FaultKind.Kill => "kill",
        FaultKind.Pause => "pause",
        FaultKind.Reset => "reset",
        FaultKind.BlockToServer => "block_to_server",
        FaultKind.BlockToClient => "block_to_client",
        FaultKind.BlockBoth => "block_both",
        _ => "take_over",
    };

    /// <summary>A fault that was done, in a line.</summary>
    public static string Describe(FaultResult result)
    {
        string length = result.Fault.Length > TimeSpan.Zero
            ? FormattableString.Invariant($"{result.Fault.Length.TotalMilliseconds,6:F0} ms")
            : new string(' ', 9);
        string stall = result.Stall is { } time
            ? FormattableString.Invariant($"stall {time.TotalMilliseconds,6:F0} ms")
            : "work did not go on";
        string remark = result.Remark.Length > 0 ? $"; {result.Remark}" : string.Empty;
        return FormattableString.Invariant(
            $"{result.At.TotalSeconds,7:F1} s  {Of(result.Fault.Kind),-15} {length}  {stall}{remark}");
    }
}
