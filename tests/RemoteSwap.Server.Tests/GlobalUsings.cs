global using RemoteSwap.Server.Tests.Support;
global using Xunit;
