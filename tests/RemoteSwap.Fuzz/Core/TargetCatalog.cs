using RemoteSwap.Fuzz.Codec;
using RemoteSwap.Fuzz.Nbd;
using RemoteSwap.Fuzz.Wire;

namespace RemoteSwap.Fuzz.Core;

/// <summary>All targets.</summary>
internal static class TargetCatalog
{
    public static IReadOnlyList<IFuzzTarget> All { get; } =
    [
        new TransmissionTarget(),
        new WireTarget(),
        new HandshakeTarget(),
        new BlockTarget(),
    ];

    /// <summary>The target of a name; null: there is none.</summary>
    public static IFuzzTarget? Find(string name) => All.FirstOrDefault(target => target.Name == name);
}
