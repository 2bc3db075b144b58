using Microsoft.Extensions.Logging;

namespace RemoteSwap.Server.Tests.Telemetry;

/// <summary>Keeps what is logged.</summary>
internal sealed class LogList<TCategory> : ILogger<TCategory>
{
    public List<(int Id, LogLevel Level, string Text)> Events { get; } = [];

    public IReadOnlyList<string> Texts => [.. Events.Select(one => one.Text)];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter) =>
        Events.Add((eventId.Id, logLevel, formatter(state, exception)));
}
