using System.Xml.Linq;
using Xunit;

namespace RemoteSwap.Repository.Tests;

/// <summary>
/// Dependencies point one way: Server to Store to Pool; Client and Store to Codec; Device to Client and Nbd, which know
/// nothing of each other; Cli to Device; LoadGen to Client and Server; Cli and LoadGen to Otlp, and nothing else.
/// </summary>
public sealed class LayerTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["RemoteSwap.Units"] = [],
        ["RemoteSwap.Privacy"] = [],
        ["RemoteSwap.Codec"] = ["K4os.Compression.LZ4", "System.IO.Hashing"],
        ["RemoteSwap.Protos"] = ["Google.Protobuf", "Grpc.Core.Api", "Grpc.Tools"],
        ["RemoteSwap.Wire"] = [],
        ["RemoteSwap.Credentials"] = [],
        ["RemoteSwap.Pool"] = [],
        ["RemoteSwap.Store"] = ["RemoteSwap.Pool", "RemoteSwap.Codec", "RemoteSwap.Privacy"],
        ["RemoteSwap.Server"] =
        [
            "RemoteSwap.Store", "RemoteSwap.Protos", "RemoteSwap.Wire", "RemoteSwap.Units",
            "RemoteSwap.Credentials", "RemoteSwap.Privacy",
            "Grpc.AspNetCore", "Grpc.AspNetCore.HealthChecks", "Grpc.AspNetCore.Server.Reflection",
            "Grpc.StatusProto", "OpenTelemetry.Extensions.Hosting",
            "OpenTelemetry.Exporter.OpenTelemetryProtocol", "OpenTelemetry.Exporter.Prometheus.AspNetCore",
        ],
        ["RemoteSwap.Client"] =
        [
            "RemoteSwap.Protos", "RemoteSwap.Codec", "RemoteSwap.Wire", "RemoteSwap.Credentials", "RemoteSwap.Privacy",
            "Grpc.Net.Client",
        ],
        ["RemoteSwap.Nbd"] = [],
        ["RemoteSwap.Device"] = ["RemoteSwap.Client", "RemoteSwap.Nbd", "RemoteSwap.Codec"],
        ["RemoteSwap.Otlp"] = ["OpenTelemetry.Exporter.OpenTelemetryProtocol"],
        ["RemoteSwap.Cli"] =
        [
            "RemoteSwap.Otlp",
            "RemoteSwap.Client", "RemoteSwap.Device", "RemoteSwap.Nbd", "RemoteSwap.Protos", "RemoteSwap.Codec",
            "RemoteSwap.Units", "RemoteSwap.Credentials", "RemoteSwap.Privacy",
            "System.CommandLine", "Grpc.Net.Client", "Spectre.Console",
        ],
        ["RemoteSwap.LoadGen"] =
        [
            "RemoteSwap.Client", "RemoteSwap.Server", "RemoteSwap.Units", "RemoteSwap.Otlp", "RemoteSwap.Credentials",
            "System.CommandLine", "Spectre.Console", "HdrHistogram",
        ],
    };

    public static TheoryData<string> Projects =>
    [
        .. Repository.Files.Where(path => path.EndsWith(".csproj", StringComparison.Ordinal)
            && !path.StartsWith("tests/", StringComparison.Ordinal)),
    ];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_refers_only_to_layers_below(string path)
    {
        IEnumerable<string> references =
            from element in XDocument.Parse(Repository.Read(path)).Descendants()
            where element.Name.LocalName is "ProjectReference" or "PackageReference"
            select Name(element);

        string project = Path.GetFileNameWithoutExtension(path);

        Assert.Empty(references.Except(Allowed[project]));
    }

    // An engine whose zpages cross frames can take the place of this one (R8).
    [Fact]
    public void The_store_names_no_place_within_a_frame() => Assert.Empty(
        from path in Repository.Sources
        where path.StartsWith("server/RemoteSwap.Store/", StringComparison.Ordinal)
            && Repository.Read(path).Contains("TaggedFrame", StringComparison.Ordinal)
        select path);

    [Fact]
    public void The_store_and_the_pool_know_nothing_of_grpc() => Assert.Empty(
        from path in Repository.Sources
        where path.StartsWith("server/RemoteSwap.Store/", StringComparison.Ordinal)
            || path.StartsWith("server/RemoteSwap.Pool/", StringComparison.Ordinal)
        let text = Repository.Read(path)
        where text.Contains("using Grpc", StringComparison.Ordinal)
            || text.Contains("RemoteSwap.V1", StringComparison.Ordinal)
            || text.Contains("AspNetCore", StringComparison.Ordinal)
        select path);

    private static string Name(XElement element)
    {
        string include = element.Attribute("Include")!.Value;
        return element.Name.LocalName == "ProjectReference" ? Path.GetFileNameWithoutExtension(include) : include;
    }
}
