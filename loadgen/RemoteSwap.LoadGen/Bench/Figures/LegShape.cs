using RemoteSwap.LoadGen.Bench.Cases;

namespace RemoteSwap.LoadGen.Bench.Figures;

/// <summary>What a leg measures, for the reader.</summary>
/// <param name="Work">What is done.</param>
/// <param name="Transport">exchange, unary, device, peer or none.</param>
/// <param name="Job">The numbers.</param>
internal sealed record LegShape(string Work, string Transport, WorkJob Job)
{
    /// <summary>The shape of a worker's job.</summary>
    public static LegShape Of(WorkJob job) => new(
        job.Kind.ToString(),
        TransportOf(job),
        job);

    private static string TransportOf(WorkJob job) => job.Kind switch
    {
        WorkKind.DeviceWrite or WorkKind.DeviceRead => "device",
        WorkKind.PeerStore or WorkKind.PeerLoad => "peer",
        _ when job.Server.Length == 0 => "none",
        _ => job.Streams > 0 ? "exchange" : "unary",
    };
}
