using System.Text.Json.Serialization;
using RemoteSwap.Cli.Commands.Areas;
using RemoteSwap.Cli.Commands.Certs;
using RemoteSwap.Cli.Commands.Compact;
using RemoteSwap.Cli.Commands.Doctor;
using RemoteSwap.Cli.Commands.Drain;
using RemoteSwap.Cli.Commands.Invalidate;
using RemoteSwap.Cli.Commands.Nbd;
using RemoteSwap.Cli.Commands.Ping;
using RemoteSwap.Cli.Commands.Reclaim;
using RemoteSwap.Cli.Commands.Sealing;
using RemoteSwap.Cli.Commands.Stat;
using RemoteSwap.Cli.Commands.Tenants;
using RemoteSwap.Cli.Commands.Tokens;
using RemoteSwap.Cli.Commands.Top;
using RemoteSwap.Cli.Commands.Transfer;

namespace RemoteSwap.Cli.Output;

/// <summary>Generated code that writes the documents: names in snake_case, null where there is nothing.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UseStringEnumConverter = true,
    GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(AreasDocument))]
[JsonSerializable(typeof(CertsDocument))]
[JsonSerializable(typeof(CompactDocument))]
[JsonSerializable(typeof(DoctorDocument))]
[JsonSerializable(typeof(DrainDocument))]
[JsonSerializable(typeof(InvalidateDocument))]
[JsonSerializable(typeof(MarkIdleDocument))]
[JsonSerializable(typeof(NbdDocument))]
[JsonSerializable(typeof(PingDocument))]
[JsonSerializable(typeof(ReclaimDocument))]
[JsonSerializable(typeof(SealDocument))]
[JsonSerializable(typeof(SessionDocument))]
[JsonSerializable(typeof(StatDocument))]
[JsonSerializable(typeof(TenantFigures))]
[JsonSerializable(typeof(TenantDocument))]
[JsonSerializable(typeof(TenantsDocument))]
[JsonSerializable(typeof(TokenDocument))]
[JsonSerializable(typeof(TopDocument))]
[JsonSerializable(typeof(TransferDocument))]
internal sealed partial class CliJsonContext : JsonSerializerContext;
