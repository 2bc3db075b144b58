namespace RemoteSwap.Telemetry.Tests.Otlp;

/// <summary>Who sends: the program's name, and which of its processes.</summary>
internal sealed record Service(string Name, string Instance)
{
    public static Service Of(Resource resource) =>
        new(Attribute(resource, "service.name"), Attribute(resource, "service.instance.id"));

    private static string Attribute(Resource resource, string key) =>
        resource.Attributes.FirstOrDefault(attribute => attribute.Key == key)?.Value.StringValue ?? "";
}
