using RemoteSwap.Server.Options;

namespace RemoteSwap.Server.Tests.Telemetry;

/// <summary>Settings of telemetry that are wrong are all named at once, with what is allowed.</summary>
[Collection(nameof(AloneCollection))]
public sealed class TelemetrySettingsTests
{
    [Fact]
    public void EveryWrongSettingIsNamed()
    {
        ServerSettings settings = new();
        settings.Telemetry.TenantTag = (TenantTag)7;
        settings.Telemetry.TopTenants = 74;
        settings.Telemetry.TraceRatio = double.NaN;

        SettingsValidation.Run(settings, out IReadOnlyList<string> errors);

        Assert.Equal(
        [
            "Telemetry:TenantTag is '7'; it must be None, Top, All or Auto",
            "Telemetry:TopTenants is 74; it must be from 1 to 73",
            "Telemetry:TraceRatio is NaN; it must be from 0 to 1",
        ],
            errors);
    }

    [Theory]
    [InlineData(74, "All")]
    [InlineData(75, "Top")]
    public void TenantsAreNamedByDefaultAsFarAsAMetricCanHaveThem(int tenants, string expected)
    {
        TelemetrySection section = new();
        List<string> errors = [];

        TelemetryOptions options = TelemetryCheck.Run(
            section, [.. Enumerable.Range(0, tenants).Select(number => $"t{number}")], errors);

        Assert.Empty(errors);
        Assert.Equal(expected, options.TenantTag.ToString());
    }

    [Theory]
    [InlineData("All", 74, "")]
    [InlineData("All", 75, "Telemetry:TenantTag is All with 75 tenants; a metric would have 2025 series")]
    [InlineData("Top", 300, "")]
    [InlineData("None", 300, "")]
    public void ATagWithMoreSeriesThanAMetricCanHaveIsRefused(string tag, int tenants, string expected)
    {
        ServerSettings settings = new();
        settings.Telemetry.TenantTag = Enum.Parse<TenantTag>(tag);
        for (int number = 0; number < tenants; number++)
        {
            settings.Tenants.Add($"t{number}", new TenantSection());
        }

        SettingsValidation.Run(settings, out IReadOnlyList<string> errors);

        Assert.Equal(expected.Length == 0 ? 0 : 1, errors.Count);
        Assert.All(errors, error => Assert.StartsWith(expected, error));
    }

    [Fact]
    public void ATenantThatIsCalledAsTheRestIsRefusedWhereThereIsARest()
    {
        ServerSettings settings = new();
        settings.Telemetry.TenantTag = TenantTag.Top;
        settings.Tenants.Add("other", new TenantSection());

        SettingsValidation.Run(settings, out IReadOnlyList<string> errors);

        Assert.StartsWith("Telemetry:TenantTag is Top with a tenant that is called 'other'", Assert.Single(errors));
    }

    [Fact]
    public async Task TextThatIsNoNumberIsNamed()
    {
        SettingsException failure = await Assert.ThrowsAsync<SettingsException>(
            () => TestServer.StartAsync("--Telemetry:TraceRatio=many"));
        Assert.Contains("Telemetry:TraceRatio is 'many'; it must be a number", failure.Errors);
    }

    [Fact]
    public async Task AServerStartsWithEveryKindOfHistogramAndExemplar()
    {
        await using TestServer server = await TestServer.StartAsync(
            "--Telemetry:ExponentialHistograms=true", "--Telemetry:Exemplars=false");
        await server.StoreOneAsync(1, PageKinds.Text(1));

        Scrape metrics = await Scrape.OfAsync(server);

        // Text of Prometheus has no exponential histograms, so latencies are left to OTLP.
        Assert.Equal(0, metrics.Sum("remoteswap_store_duration_seconds_bucket"));
        Assert.Equal(
            1, metrics.Sum("remoteswap_pages_stored_total", ("remoteswap_tenant", TestServer.TenantA)));
    }
}
