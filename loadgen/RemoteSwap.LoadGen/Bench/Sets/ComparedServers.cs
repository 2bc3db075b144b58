using RemoteSwap.LoadGen.Bench.Cases;
using RemoteSwap.LoadGen.Bench.Figures;
using RemoteSwap.LoadGen.Bench.Options;

namespace RemoteSwap.LoadGen.Bench.Sets;

/// <summary>
/// What something costs a server: the same work on one without it, on one with it, and on a second one without it, the
/// control: what two servers that are alike differ by.
/// </summary>
/// <param name="Name">What it is, for the names of legs.</param>
/// <param name="Plain">The server without it.</param>
/// <param name="Costly">A leg against the server with it, by name, kind and batch.</param>
/// <param name="Control">The second one without it.</param>
/// <param name="Goal">What is asked of its pages a second, as a part of those without it; null: nothing.</param>
internal sealed record ComparedServers(
    string Name, ComparedBed Plain, Func<string, WorkKind, int, IBenchLeg> Costly, ComparedBed Control, Goal? Goal)
{
    private const int Rounds = 11;
    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(1.5);

    /// <summary>Stores and loads, in turn.</summary>
    /// <param name="options">A quick run has its own times.</param>
    /// <param name="title">What the group is about.</param>
    /// <param name="batch">Pages of a call.</param>
    public BenchGroup Group(BenchOptions options, FormattableString title, int batch)
    {
        const string Store = "store";
        const string Load = "load";
        return Timed(
            options,
            new BenchGroup(
                FormattableString.Invariant(title),
                [
                    Plain.Leg(Store, WorkKind.Store, batch),
                    Costly(With(Store), WorkKind.Store, batch),
                    Control.Leg(Again(Store), WorkKind.Store, batch),
                    Plain.Leg(Load, WorkKind.Load, batch),
                    Costly(With(Load), WorkKind.Load, batch),
                    Control.Leg(Again(Load), WorkKind.Load, batch),
                ],
                [.. Ratios(Store), .. Ratios(Load)]));
    }

    /// <summary>Many short rounds: what servers that are alike differ by has to be small.</summary>
    /// <param name="options">A quick run has its own times.</param>
    /// <param name="group">What is measured.</param>
    public static BenchGroup Timed(BenchOptions options, BenchGroup group) => group with
    {
        LegTime = options.Quick ? null : s_time,
        Rounds = options.Quick ? null : Rounds,
    };

    private static string Again(string what) => $"{what}, control";

    private string With(string what) => $"{what}, {Name}";

    private RatioSpec[] Ratios(string what) =>
    [
        RatioSpec.Rate(With(what), what, Goal),
        RatioSpec.Rate(Again(what), what, goal: null),
        RatioSpec.ServerCpu(With(what), what, goal: null),
    ];
}
