using System.Text.Json.Serialization;
using RemoteSwap.LoadGen.Bench.Cases;
using RemoteSwap.LoadGen.Bench.Processes;

namespace RemoteSwap.LoadGen.Bench.Wire;

/// <summary>Generated code for what the processes of a benchmark say to each other, a line each.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(WorkJob))]
[JsonSerializable(typeof(WorkResult))]
[JsonSerializable(typeof(ServerHello))]
[JsonSerializable(typeof(ServerFigures))]
internal sealed partial class WorkJsonContext : JsonSerializerContext;
