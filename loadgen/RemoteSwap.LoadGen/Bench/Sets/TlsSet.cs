using RemoteSwap.LoadGen.Bench.Cases;
using RemoteSwap.LoadGen.Bench.Processes;

namespace RemoteSwap.LoadGen.Bench.Sets;

/// <summary>
/// What TLS costs: the same work over TCP on loopback without TLS, and with TLS 1.3 where both ends show certificates.
/// A third server, without TLS as the first, is the control: what two servers that are alike differ by. Certificates
/// are made for the run and gone with it.
/// </summary>
internal static class TlsSet
{
    private const string Listen = "--Server:Listen=127.0.0.1:0";
    private static readonly Dictionary<string, string> s_noVariables = [];

    /// <summary>Measures it.</summary>
    /// <exception cref="BenchFailedException">A server does not start.</exception>
    public static async Task RunAsync(BenchBed bed, CancellationToken ct)
    {
        BenchCertificates certificates = BenchCertificates.Make(bed.Folder, PageBed.ZpageTenant);
        WorkerProcess worker = bed.StartWorker();
        ComparedBed plain = await StartAsync([Listen], connect: null);
        ComparedBed secure = await StartAsync([Listen, .. certificates.ServerSettings], certificates.Secure);
        ComparedBed control = await StartAsync([Listen], connect: null);
        ComparedServers servers = new("mTLS", plain, secure.Leg, control, Goal: null);
        foreach (int batch in (int[])[32, 1])
        {
            await bed.MeasureAsync(
                servers.Group(
                    bed.Options, $"Zpages in batches of {batch} over TCP, with mutual TLS 1.3 and without", batch),
                ct);
        }

        Task<ComparedBed> StartAsync(string[] settings, Func<WorkJob, WorkJob>? connect) =>
            ComparedBed.StartAsync(bed, worker, settings, s_noVariables, connect, ct);
    }
}
