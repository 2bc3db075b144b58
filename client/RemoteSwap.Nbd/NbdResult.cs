namespace RemoteSwap.Nbd;

/// <summary>How a command on a device ended.</summary>
/// <param name="Error">The error for the wire; <see cref="NbdError.None"/>: it succeeded.</param>
/// <param name="Message">What happened, for the log and for clients with structured replies; may be null.</param>
public readonly record struct NbdResult(NbdError Error, string? Message = null)
{
    /// <summary>A success.</summary>
    public static NbdResult Success => default;

    /// <summary>Whether it succeeded.</summary>
    public bool IsSuccess => Error == NbdError.None;
}
