using RemoteSwap.Nbd.Wire;

namespace RemoteSwap.Nbd.Telemetry;

/// <summary>
/// What commands and errors are called in metrics and spans: as the protocol calls them. Made once, since a measurement
/// must make no garbage.
/// </summary>
internal static class RequestTags
{
    /// <summary>The error of a request that succeeded.</summary>
    public const string None = "none";

    private const string UnknownCommand = "OTHER";
    private const string CommandKey = "command";

    private static readonly string[] s_names =
        ["READ", "WRITE", "DISC", "FLUSH", "TRIM", "CACHE", "WRITE_ZEROES", "BLOCK_STATUS", UnknownCommand];

    private static readonly KeyValuePair<string, object?>[] s_commands =
        [.. s_names.Select(name => new KeyValuePair<string, object?>(CommandKey, name))];

    private static readonly string[] s_spans = [.. s_names.Select(name => $"nbd {name}")];

    /// <summary>The tag of a direction.</summary>
    public static KeyValuePair<string, object?> Read { get; } = new("direction", "read");

    /// <summary>The tag of the other direction.</summary>
    public static KeyValuePair<string, object?> Write { get; } = new("direction", "write");

    /// <summary>The tag of a command.</summary>
    public static KeyValuePair<string, object?> Of(NbdCommand command) => s_commands[IndexOf(command)];

    /// <summary>The name of a command's spans.</summary>
    public static string SpanOf(NbdCommand command) => s_spans[IndexOf(command)];

    /// <summary>The tag of an error.</summary>
    public static KeyValuePair<string, object?> Of(NbdError error) => new("error", NameOf(error));

    /// <summary>The name of an error.</summary>
    public static string NameOf(NbdError error) => error switch
    {
        NbdError.None => None,
        NbdError.NotPermitted => "EPERM",
        NbdError.InputOutput => "EIO",
        NbdError.Invalid => "EINVAL",
        NbdError.NoSpace => "ENOSPC",
        NbdError.Overflow => "EOVERFLOW",
        NbdError.NotSupported => "ENOTSUP",
        NbdError.Shutdown => "ESHUTDOWN",
        _ => "OTHER",
    };

    // Commands that a client makes up are one.
    private static int IndexOf(NbdCommand command) => Math.Min((int)command, s_names.Length - 1);
}
