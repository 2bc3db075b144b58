using Grpc.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using RemoteSwap.Server.Access;
using RemoteSwap.Server.Options;
using RemoteSwap.Server.Security;
using RemoteSwap.Server.Telemetry;
using RemoteSwap.Server.Tests.Telemetry;

namespace RemoteSwap.Server.Tests.Security;

/// <summary>What is logged of security, and that no secret is ever said.</summary>
public sealed class SecretTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly LogList<SecurityWatch> _log = new();

    [Fact]
    public async Task NoSecretIsInSettingsRefusalsMetricsOrLogs()
    {
        (string good, string guessed, string admin) = (Tokens.New(), Tokens.New(), Tokens.New());
        await using SecureServer server = await SecureServer.StartAsync(
            Tokens.Line($"tenant {TestServer.TenantA}", good) + Tokens.Line("admin ops", admin));
        string key = (await File.ReadAllTextAsync(server.KeyFile)).Split('\n')[1];
        List<string> said = [Print(server.Settings)];
        foreach (string token in (string[])[good, guessed, admin])
        {
            foreach (string path in AnyCall.Methods.Keys)
            {
                Status status = await AnyCall.RunAsync(
                    server.Open().CreateCallInvoker(), path, TestServer.TenantB, SecureServer.With(token));
                said.Add(status.Detail);
            }
        }

        using HttpClient management = new() { BaseAddress = server.Server.ManagementAddress };
        foreach (string path in (string[])["/admin/config", "/metrics", "/admin/tenants", "/health/ready"])
        {
            said.Add(await management.GetStringAsync(new Uri(path, UriKind.Relative)));
        }

        string all = string.Join('\n', said);
        Assert.Contains("is a token that this server does not know", all);
        Assert.Contains("Security:Tokens", all);
        Assert.All(
            (string[])[good, guessed, admin, key, "rst_"],
            secret => Assert.DoesNotContain(secret, all, StringComparison.Ordinal));
        Assert.Contains("reason=\"unknown_credential\"", all);
    }

    [Fact]
    public async Task WhatAnOperatorMustHearOfIsLoggedAndNotForEachCall()
    {
        await using SecureServer files = SecureServer.WithoutServer();
        files.WriteServerCertificate(files.Authority.Server("soon", -1, 10));
        SecurityOptions options = new()
        {
            CertificateFile = files.CertificateFile,
            KeyFile = files.KeyFile,
            TokenFile = files.TokenFile,
        };
        CredentialStore store = new(options, _time);
        AccessPolicy policy = new(isOpen: false);
        using SecurityWatch watch = new(store, new StreamGuard(store, _time), policy, _time, _log);
        watch.Tick();
        Assert.Equal((LogEvents.CertificateEnds, LogLevel.Warning), Take());

        for (int call = 0; call < 500; call++)
        {
            policy.Refuse(new AccessDenial(AccessReason.UnknownCredential, "is a token"), $"nobody, call {call}");
        }

        Ticks(watch, 10);
        Assert.Contains("500 UNKNOWN_CREDENTIAL; the last one: nobody, call 499", _log.Texts[0]);
        Assert.Equal((LogEvents.CallsRefused, LogLevel.Warning), Take());
        Ticks(watch, 20);
        Assert.Empty(_log.Events);

        files.WriteTokens("tenant vm7 rst_secret");
        Ticks(watch, 20);
        Assert.DoesNotContain("rst_secret", _log.Texts[0]);
        Assert.Equal((LogEvents.CredentialsNotReloaded, LogLevel.Error), Take());

        files.WriteTokens("");
        Ticks(watch, 20);
        files.WriteTokens(Tokens.Line("tenant vm7", Tokens.New()));
        Ticks(watch, 20);
        Assert.Contains(_log.Events, one => one.Id == LogEvents.CredentialsReloaded);
    }

    private static void Ticks(SecurityWatch watch, int times)
    {
        for (int time = 0; time < times; time++)
        {
            watch.Tick();
        }
    }

    private static string Print(string[] args)
    {
        Assert.True(ServerArguments.TryParse(args, out ServerArguments? arguments, out string error), error);
        using ConfigurationManager configuration = new();
        SettingsLoader.AddSources(configuration, arguments);
        SettingsLoader.Load(configuration, out ServerSettings settings);
        return ConfigurationPrinter.Print(settings, configuration);
    }

    private (int Id, LogLevel Level) Take()
    {
        (int id, LogLevel level, _) = Assert.Single(_log.Events);
        _log.Events.Clear();
        return (id, level);
    }
}
