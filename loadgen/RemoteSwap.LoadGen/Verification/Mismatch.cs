namespace RemoteSwap.LoadGen.Verification;

/// <summary>One page that came back wrong.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Tenant">Whose.</param>
/// <param name="Slot">Where.</param>
/// <param name="Offset">For wrong bytes: the first that differs, 0 to 4,095; else -1.</param>
/// <param name="Expected">Up to 8 bytes from there as they should be, in hexadecimal.</param>
/// <param name="Got">The bytes that came back.</param>
/// <param name="Remark">What the bytes seem to be.</param>
internal sealed record Mismatch(
    MismatchKind Kind, string Tenant, ulong Slot, int Offset, string Expected, string Got, string Remark)
{
    /// <summary>The mismatch in a line.</summary>
    public override string ToString()
    {
        string bytes = Offset < 0 ? string.Empty : $" at byte {Offset}: expected {Expected}, got {Got}";
        string remark = Remark.Length > 0 ? $" ({Remark})" : string.Empty;
        return $"tenant {Tenant} slot {Slot}: {Words(Kind)}{bytes}{remark}";
    }

    private static string Words(MismatchKind kind) => kind switch
    {
        MismatchKind.WrongBytes => "wrong bytes",
        MismatchKind.Lost => "acknowledged page is not found",
        MismatchKind.Corrupt => "acknowledged page is corrupt",
        _ => "a page where none may be",
    };
}
