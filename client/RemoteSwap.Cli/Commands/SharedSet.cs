namespace RemoteSwap.Cli.Commands;

/// <summary>Which of <see cref="SharedOptions"/> a command takes. Another one is refused, not ignored.</summary>
[Flags]
internal enum SharedSet
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The server and the call deadline.</summary>
    Server = 1,

    /// <summary>The area.</summary>
    Area = 2,

    /// <summary>Results as JSON.</summary>
    Json = 4,

    /// <summary>No progress and no remarks.</summary>
    Quiet = 8,

    /// <summary>No colours.</summary>
    Color = 16,
}
