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
        if (!Enum.IsDefined(section.TenantTag))
        {
            errors.Add($"Telemetry:TenantTag is '{section.TenantTag}'; it must be None, Top or All");
        }

        if (section.TopTenants is < 1 or > TelemetryOptions.MaxTopTenants)
        {
            errors.Add(
                $"Telemetry:TopTenants is {section.TopTenants}; it must be from 1 to {TelemetryOptions.MaxTopTenants}");
        }

        if (section.TenantTag == TenantTag.All && tenants.Count > TelemetryOptions.MaxTenants)
        {
            errors.Add(
                $"Telemetry:TenantTag is All with {tenants.Count} tenants; a metric would have "
                + $"{tenants.Count * TelemetryOptions.SeriesPerTenant} series, and more than "
                + $"{TelemetryOptions.MaxSeries} are added up unseen: use Top or None, or at most "
                + $"{TelemetryOptions.MaxTenants} tenants");
        }

        if (section.TenantTag == TenantTag.Top && tenants.Contains(TenantLabels.Other, StringComparer.Ordinal))
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
            TenantTag = section.TenantTag,
            TopTenants = section.TopTenants,
            ExponentialHistograms = section.ExponentialHistograms,
            Exemplars = section.Exemplars,
            TraceRatio = section.TraceRatio,
        };
    }
}
