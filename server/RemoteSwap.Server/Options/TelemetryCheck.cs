using RemoteSwap.Server.Telemetry;

namespace RemoteSwap.Server.Options;

/// <summary>Checks section "Telemetry", which depends on the tenants, and turns it into values.</summary>
internal static class TelemetryCheck
{
    /// <summary>Checks the section.</summary>
    /// <param name="section">The section as written.</param>
    /// <param name="tenants">The names of the tenants.</param>
    /// <param name="errors">Takes everything that is wrong.</param>
    public static TelemetryOptions Run(
        TelemetrySection section, IReadOnlyCollection<string> tenants, List<string> errors)
    {
        bool isAuto = section.TenantTag == TenantTag.Auto;
        TenantTag most = tenants.Count > TelemetryOptions.MaxTenants ? TenantTag.Top : TenantTag.All;
        TenantTag tag = isAuto ? most : section.TenantTag;
        if (!Enum.IsDefined(tag))
        {
            errors.Add($"Telemetry:TenantTag is '{tag}'; it must be None, Top, All or Auto");
        }

        if (section.TopTenants is < 1 or > TelemetryOptions.MaxTopTenants)
        {
            errors.Add(
                $"Telemetry:TopTenants is {section.TopTenants}; it must be from 1 to {TelemetryOptions.MaxTopTenants}");
        }

        if (tag == TenantTag.All && tenants.Count > TelemetryOptions.MaxTenants)
        {
            errors.Add(
                $"Telemetry:TenantTag is All with {tenants.Count} tenants; a metric would have "
                + $"{tenants.Count * TelemetryOptions.SeriesPerTenant} series, and more than "
                + $"{TelemetryOptions.MaxSeries} are added up unseen: use Top or None, or at most "
                + $"{TelemetryOptions.MaxTenants} tenants");
        }

        if (tag == TenantTag.Top && tenants.Contains(TenantLabels.Other, StringComparer.Ordinal))
        {
            errors.Add(
                $"Telemetry:TenantTag is Top with a tenant that is called '{TenantLabels.Other}', as those are that "
                + "are added up; use All or None, or call the tenant something else");
        }

        if (section.TraceRatio is not (>= 0 and <= 1))
        {
            errors.Add($"Telemetry:TraceRatio is {section.TraceRatio}; it must be from 0 to 1");
        }

        return new TelemetryOptions
        {
            Prometheus = section.Prometheus,
            TenantTag = tag,
            TopTenants = section.TopTenants,
            ExponentialHistograms = section.ExponentialHistograms,
            Exemplars = section.Exemplars,
            TraceRatio = section.TraceRatio,
        };
    }
}
