using System.Text.Json.Serialization;

namespace RemoteSwap.Mutants;

/// <summary>How requests and replies are written.</summary>
[JsonSerializable(typeof(MutantRequest))]
[JsonSerializable(typeof(MutantReply))]
internal sealed partial class MutantJson : JsonSerializerContext;
