using RemoteSwap.Nbd.Negotiation;
using RemoteSwap.Nbd.Wire;

namespace RemoteSwap.Nbd.Transmission;

/// <summary>
/// Decides whether a request may be served, before any work is done for it. This is the only place that checks
/// requests: what has passed is not checked again, neither here nor by devices.
/// <para>
/// The order of the checks decides which error a request with several faults gets: read-only, command, flags, what was
/// negotiated, length, range, unit.
/// </para>
/// </summary>
internal sealed class RequestRules(NbdServerOptions options, long sizeBytes, Agreement agreement)
{
    private const CommandFlags KnownFlags = CommandFlags.ForceUnitAccess | CommandFlags.NoHole
        | CommandFlags.DontFragment | CommandFlags.RequestOne | CommandFlags.FastZero;

    private readonly bool _isReadOnly = options.ReadOnly;
    private readonly uint _maxPayloadBytes = (uint)options.MaxBlockBytes;
    private readonly uint _unitMask = (uint)options.MinBlockBytes - 1;
    private readonly ulong _sizeBytes = (ulong)sizeBytes;

    /// <summary>Checks a request.</summary>
    /// <returns>A success, or what is the first thing wrong with it.</returns>
    public NbdResult Check(in RequestHeader request)
    {
        if (_isReadOnly && request.Command is NbdCommand.Write or NbdCommand.Trim or NbdCommand.WriteZeroes)
        {
            return new NbdResult(NbdError.NotPermitted, "the export is read-only");
        }

        NbdResult result = CheckFlags(request);
        if (!result.IsSuccess)
        {
            return result;
        }

        return request.Command == NbdCommand.Flush ? CheckFlush(request) : CheckRange(request);
    }

    private NbdResult CheckFlags(in RequestHeader request)
    {
        CommandFlags allowed = CommandFlags.ForceUnitAccess;
        switch (request.Command)
        {
            case NbdCommand.Read:
                allowed |= agreement.StructuredReplies ? CommandFlags.DontFragment : CommandFlags.None;
                break;
            case NbdCommand.Write or NbdCommand.Flush or NbdCommand.Trim or NbdCommand.Cache:
                break;
            case NbdCommand.WriteZeroes:
                allowed |= CommandFlags.NoHole | CommandFlags.FastZero;
                break;
            case NbdCommand.BlockStatus:
                if (!agreement.BaseAllocation)
                {
                    return Invalid("no meta context was negotiated");
                }

                allowed |= CommandFlags.RequestOne;
                break;
            case NbdCommand.Disconnect:
            default:
                return Invalid("unknown command");
        }

        if ((request.Flags & ~allowed) == CommandFlags.None)
        {
            return NbdResult.Success;
        }

        bool isKnown = (request.Flags & ~KnownFlags) == CommandFlags.None;
        return Invalid(isKnown ? "a flag that is not for this command" : "unknown flag");
    }

    private static NbdResult CheckFlush(in RequestHeader request) =>
        request.Offset == 0 && request.Length == 0
            ? NbdResult.Success
            : Invalid("a flush with an offset or a length");

    private NbdResult CheckRange(in RequestHeader request)
    {
        if (request.Length == 0)
        {
            return Invalid("no bytes");
        }

        if (request.Command is NbdCommand.Read or NbdCommand.Write && request.Length > _maxPayloadBytes)
        {
            return Invalid($"{request.Length} bytes are more than {_maxPayloadBytes}");
        }

        if (request.Offset > _sizeBytes || request.Length > _sizeBytes - request.Offset)
        {
            NbdError error = request.Command is NbdCommand.Write or NbdCommand.WriteZeroes
                ? NbdError.NoSpace
                : NbdError.Invalid;
            return new NbdResult(error, $"{request.Length} bytes at {request.Offset} reach beyond {_sizeBytes}");
        }

        return ((request.Offset | request.Length) & _unitMask) == 0
            ? NbdResult.Success
            : Invalid($"{request.Length} bytes at {request.Offset} are no multiples of {_unitMask + 1}");
    }

    private static NbdResult Invalid(string message) => new(NbdError.Invalid, message);
}
