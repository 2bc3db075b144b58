using RemoteSwap.Fuzz.Codec;
using RemoteSwap.Fuzz.Files;
using RemoteSwap.Fuzz.Http2;
using RemoteSwap.Fuzz.Nbd;
using RemoteSwap.Fuzz.Values;
using RemoteSwap.Fuzz.Wire;

namespace RemoteSwap.Fuzz.Core;

/// <summary>All targets.</summary>
internal static class TargetCatalog
{
    public static IReadOnlyList<IFuzzTarget> All { get; } =
    [
        new TransmissionTarget(),
        new WireTarget(),
        new Http2Target(),
        new FilesTarget(),
        new HandshakeTarget(),
        new BlockTarget(),
        new TextTarget(),
        new SettingsTarget(),
    ];

    /// <summary>The target of a name; null: there is none.</summary>
    public static IFuzzTarget? Find(string name) => All.FirstOrDefault(target => target.Name == name);
}
