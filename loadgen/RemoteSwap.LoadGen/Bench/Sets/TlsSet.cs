using RemoteSwap.LoadGen.Bench.Cases;
using RemoteSwap.LoadGen.Bench.Figures;
using RemoteSwap.LoadGen.Bench.Processes;

namespace RemoteSwap.LoadGen.Bench.Sets;

/// <summary>
/// What TLS costs: the same work over TCP on loopback without TLS, and with TLS 1.3 where both ends show certificates.
/// A third server, without TLS as the first, is the control: what two servers that are alike differ by. Certificates
/// are made for the run and gone with it.
/// </summary>
internal static class TlsSet
{
    private const int Rounds = 11;
    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(1.5);

    /// <summary>Measures it.</summary>
    /// <exception cref="BenchFailedException">A server does not start.</exception>
    public static async Task RunAsync(BenchBed bed, CancellationToken ct)
    {
        BenchCertificates certificates = BenchCertificates.Make(bed.Folder, PageBed.ZpageTenant);
        WorkerProcess worker = bed.StartWorker();
        TlsBed plain = await TlsBed.StartAsync(bed, worker, certificates: null, ct);
        TlsBed secure = await TlsBed.StartAsync(bed, worker, certificates, ct);
        TlsBed control = await TlsBed.StartAsync(bed, worker, certificates: null, ct);
        await bed.MeasureAsync(Group(bed, 32, plain, secure, control), ct);
        await bed.MeasureAsync(Group(bed, 1, plain, secure, control), ct);
    }

    private static BenchGroup Group(BenchBed bed, int batch, TlsBed plain, TlsBed secure, TlsBed control)
    {
        const string Store = "store";
        const string Load = "load";
        static string Secure(string what) => $"{what}, mTLS";
        static string Control(string what) => $"{what}, control";
        RatioSpec Cost(string what) => RatioSpec.Rate(Secure(what), what, goal: null);
        RatioSpec Noise(string what) => RatioSpec.Rate(Control(what), what, goal: null);
        RatioSpec Cpu(string what) => RatioSpec.ServerCpu(Secure(what), what, goal: null);
        return new BenchGroup(
            FormattableString.Invariant($"Zpages in batches of {batch} over TCP, with mutual TLS 1.3 and without"),
            [
                plain.Leg(Store, WorkKind.Store, batch),
                secure.Leg(Secure(Store), WorkKind.Store, batch),
                control.Leg(Control(Store), WorkKind.Store, batch),
                plain.Leg(Load, WorkKind.Load, batch),
                secure.Leg(Secure(Load), WorkKind.Load, batch),
                control.Leg(Control(Load), WorkKind.Load, batch),
            ],
            [Cost(Store), Noise(Store), Cpu(Store), Cost(Load), Noise(Load), Cpu(Load)])
        {
            LegTime = bed.Options.Quick ? null : s_time,
            Rounds = bed.Options.Quick ? null : Rounds,
        };
    }
}
