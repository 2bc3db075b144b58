global using RemoteSwap.Cli.Tests.Support;
global using RemoteSwap.Server.Tests.Support;
global using RemoteSwap.Telemetry.Tests.Boards;
global using RemoteSwap.Telemetry.Tests.Otlp;
global using RemoteSwap.Telemetry.Tests.Processes;
global using Xunit;
