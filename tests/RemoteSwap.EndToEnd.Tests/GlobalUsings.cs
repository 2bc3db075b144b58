global using RemoteSwap.EndToEnd.Tests.Processes;
global using RemoteSwap.Server.Tests.Support;
global using Xunit;
