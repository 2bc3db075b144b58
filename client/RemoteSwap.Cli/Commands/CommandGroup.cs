namespace RemoteSwap.Cli.Commands;

/// <summary>Under which heading of the help a command stands; headings come in this order.</summary>
internal enum CommandGroup
{
    /// <summary>What is stored.</summary>
    Pages,

    /// <summary>What a virtual machine swaps to.</summary>
    Device,

    /// <summary>How a server is.</summary>
    Server,

    /// <summary>Who may store how much.</summary>
    Tenants,

    /// <summary>Who is who.</summary>
    Access,

    /// <summary>What makes this tool handier.</summary>
    Shell,
}
