using System.Globalization;
using System.Reflection;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using RemoteSwap.Server.Hosting;
using RemoteSwap.Server.Telemetry;
using RemoteSwap.Store;

namespace RemoteSwap.Server.Tests.Telemetry;

/// <summary>What the server logs: every event with an id of its own, listed in docs/EVENTS.md.</summary>
[Collection(nameof(AloneCollection))]
public sealed class LogTests
{
    private const BindingFlags AnyMethod =
        BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    [Fact]
    public void EveryEventHasAnIdOfItsOwnAndIsListed()
    {
        (LoggerMessageAttribute Event, Type Category)[] events =
        [
            .. from type in typeof(PageServer).Assembly.GetTypes()
               from method in type.GetMethods(AnyMethod)
               let message = method.GetCustomAttribute<LoggerMessageAttribute>()
               where message is not null
               orderby message.EventId
               select (message, type),
        ];

        Assert.DoesNotContain(events, each => each.Event.EventId <= 0);
        Assert.Equal(events.Length, events.Select(each => each.Event.EventId).Distinct().Count());
        StringBuilder text = new("""
            # Events

            What the server logs. Made from the code by a test (`METRICS_UPDATE=1` writes it); do not edit it by hand.
            An id is never used for another event. Warnings and above go to the console; all of them go to the OTLP
            endpoint that `OTEL_EXPORTER_OTLP_ENDPOINT` names, with the words in braces as attributes. No event has
            contents of pages or tokens of sessions in it.

            | id | level | category | message |
            |---|---|---|---|

            """);
        foreach ((LoggerMessageAttribute message, Type category) in events)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {message.EventId} | {message.Level} | {category.FullName} | {message.Message} |\n");
        }

        CommittedText.Check("docs/EVENTS.md", text.ToString());
    }

    [Fact]
    public async Task WhatAnOperatorMustHearOfIsLoggedOnce()
    {
        await using TestServer server = await TestServer.StartAsync();
        LogList<TroubleService> log = new();
        using TroubleService trouble = new(server.Server.PageStore, new FakeTimeProvider(), log);
        trouble.Tick();
        Assert.Empty(log.Events);

        Tenant tenant = server.Server.PageStore.Tenants[0];
        tenant.Shards[0].CountCorrupt();
        trouble.Tick();
        trouble.Tick();

        (int id, LogLevel level, string text) = Assert.Single(log.Events);
        Assert.Equal((LogEvents.PagesCorrupt, LogLevel.Error), (id, level));
        Assert.Contains($"'{tenant.Name}' were found 1 times", text);

        tenant.SetPoison(new Pool.InvariantViolationException("a rule that broke"));
        trouble.Tick();
        trouble.Tick();

        Assert.Equal(2, log.Events.Count);
        Assert.Equal((LogEvents.InvariantBroken, LogLevel.Critical), (log.Events[1].Id, log.Events[1].Level));
        Assert.Contains("a rule that broke", log.Events[1].Text);
        Assert.Equal(
            1,
            (await Scrape.OfAsync(server)).Of(
                "remoteswap_invariant_violations_total", ("remoteswap_tenant", tenant.Name)));
    }
}
