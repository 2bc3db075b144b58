using System.Text.Json;

namespace RemoteSwap.Console.Tests.Browser;

/// <summary>What a browser tells by itself.</summary>
/// <param name="session">Of which page.</param>
/// <param name="name">What happened.</param>
/// <param name="about">More of it.</param>
internal sealed class DevToolsEvent(string session, string name, JsonElement about) : EventArgs
{
    public string Session => session;

    public string Name => name;

    public JsonElement About => about;
}
