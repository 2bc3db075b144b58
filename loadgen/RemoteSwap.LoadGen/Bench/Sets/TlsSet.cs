using System.Security.Cryptography;
using RemoteSwap.Credentials;
using RemoteSwap.LoadGen.Bench.Cases;
using RemoteSwap.LoadGen.Bench.Figures;
using RemoteSwap.LoadGen.Bench.Processes;

namespace RemoteSwap.LoadGen.Bench.Sets;

/// <summary>
/// What TLS costs, and what sealing costs beside it: the same work over TCP on loopback without TLS, with TLS 1.3 where
/// both ends show certificates, and, of raw pages, sealed by the client on top of that. A third server, without TLS as
/// the first, is the control: what two servers that are alike differ by. Certificates and key are made for the run and
/// gone with it.
/// </summary>
internal static class TlsSet
{
    private const string Listen = "127.0.0.1:0";
    private const string Name = "mTLS";
    private const int Batch = 32;
    private const int SealKeyBytes = 32;
    private const int RawArea = 1;
    private const int SealedArea = 2;

    // TLS may take a quarter of the pages a second.
    private static readonly Goal s_goal = Goal.Least(0.75);

    /// <summary>Measures it.</summary>
    /// <exception cref="BenchFailedException">A server does not start.</exception>
    public static async Task RunAsync(BenchBed bed, CancellationToken ct)
    {
        BenchCertificates certificates = BenchCertificates.Make(bed.Folder, PageBed.ZpageTenant);
        WorkerProcess worker = bed.StartWorker();
        ComparedBed plain = await StartAsync([], connect: null);
        ComparedBed secure = await StartAsync(certificates.ServerSettings, certificates.Secure);
        ComparedBed control = await StartAsync([], connect: null);
        ComparedServers servers = new(Name, plain, secure.Leg, control, s_goal);
        foreach (int batch in (int[])[Batch, 1])
        {
            await bed.MeasureAsync(
                servers.Group(
                    bed.Options, $"Zpages in batches of {batch} over TCP, with mutual TLS 1.3 and without", batch),
                ct);
        }

        ComparedBed raw = await plain.WithRawPagesAsync(bed, RawArea, sealKey: string.Empty, ct);
        ComparedBed secureRaw = await secure.WithRawPagesAsync(bed, RawArea, sealKey: string.Empty, ct);
        ComparedBed sealedRaw = await secure.WithRawPagesAsync(bed, SealedArea, MakeKey(bed.Folder), ct);
        await bed.MeasureAsync(ComparedServers.Timed(bed.Options, RawPages(raw, secureRaw, sealedRaw)), ct);

        Task<ComparedBed> StartAsync(string[] settings, Func<WorkJob, WorkJob>? connect) =>
            ComparedBed.StartAsync(bed, worker, Listen, settings, variables: null, connect, ct);
    }

    private static BenchGroup RawPages(ComparedBed plain, ComparedBed secure, ComparedBed sealing)
    {
        const string Store = "store";
        const string Load = "load";
        return new BenchGroup(
            FormattableString.Invariant(
                $"Raw pages in batches of {Batch} over TCP: plain, with mutual TLS 1.3, and sealed as well"),
            [.. Legs(Store, WorkKind.Store), .. Legs(Load, WorkKind.Load)],
            [.. RawRatios(Store), .. RawRatios(Load)]);

        IBenchLeg[] Legs(string what, WorkKind kind) =>
        [
            plain.Leg(what, kind, Batch),
            secure.Leg(Secure(what), kind, Batch),
            sealing.Leg(Sealed(what), kind, Batch),
        ];
    }

    private static RatioSpec[] RawRatios(string what) =>
    [
        RatioSpec.Rate(Secure(what), what, s_goal),
        RatioSpec.Rate(Sealed(what), what, goal: null),
        RatioSpec.Rate(Sealed(what), Secure(what), goal: null),
        RatioSpec.ClientCpu(Sealed(what), Secure(what), goal: null),
        RatioSpec.ServerCpu(Sealed(what), Secure(what), goal: null),
    ];

    private static string Secure(string what) => $"{what}, {Name}";

    private static string Sealed(string what) => $"{Secure(what)} and sealed";

    private static string MakeKey(string folder)
    {
        string path = Path.Combine(folder, "seal.key");
        SecretFile.Create(path, Convert.ToBase64String(RandomNumberGenerator.GetBytes(SealKeyBytes)));
        return path;
    }
}
