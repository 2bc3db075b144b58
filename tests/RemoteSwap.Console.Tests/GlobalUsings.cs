global using RemoteSwap.Console.Tests.Browser;
global using RemoteSwap.Console.Tests.Support;
global using RemoteSwap.EndToEnd.Tests.Processes;
global using RemoteSwap.Server.Tests.Support;
global using Xunit;
