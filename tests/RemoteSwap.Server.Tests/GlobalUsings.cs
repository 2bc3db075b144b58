global using Microsoft.AspNetCore.Http;
global using RemoteSwap.Server.Tests.Support;
global using Xunit;
