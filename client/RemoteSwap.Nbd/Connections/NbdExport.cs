using RemoteSwap.Nbd.Telemetry;
using RemoteSwap.Nbd.Transmission;

namespace RemoteSwap.Nbd.Connections;

/// <summary>What all connections of a server share.</summary>
/// <param name="Device">What is served.</param>
/// <param name="Options">How; checked.</param>
/// <param name="SizeBytes">Bytes of the device.</param>
/// <param name="Buffers">Buffers for reads and writes.</param>
/// <param name="Measures">Measures it.</param>
internal sealed record NbdExport(
    INbdDevice Device, NbdServerOptions Options, long SizeBytes, BufferPool Buffers, ExportMeasures Measures);
