namespace RemoteSwap.Cli.Commands.Transfer;

/// <summary>What <c>put --json</c> and <c>get --json</c> write.</summary>
/// <param name="Schema">What this is: <c>remoteswap.put/1</c> or <c>remoteswap.get/1</c>.</param>
/// <param name="Server">The server.</param>
/// <param name="Tenant">The tenant.</param>
/// <param name="Area">Its area.</param>
/// <param name="File">The file.</param>
/// <param name="Bytes">The file's size.</param>
/// <param name="FirstSlot">Slot of the first page.</param>
/// <param name="Pages">Pages moved.</param>
/// <param name="SameFilledPages">Of a put: pages of one repeated word, which cost no frame; of a get null.</param>
/// <param name="EmptyPages">Of a get: slots without a page, which became zeros; of a put null.</param>
/// <param name="Seconds">How long it took.</param>
internal sealed record TransferDocument(
    string Schema,
    string Server,
    string Tenant,
    uint Area,
    string File,
    long Bytes,
    ulong FirstSlot,
    long Pages,
    long? SameFilledPages,
    long? EmptyPages,
    double Seconds);
