using System.Text.Json;
using Google.Protobuf;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using RemoteSwap.Server.Grpc;
using RemoteSwap.Server.Options;
using RemoteSwap.Server.Security;
using RemoteSwap.Store;

namespace RemoteSwap.Server.Management;

/// <summary>
/// The management port: HTTP/1.1, read only. Field names of the JSON are those of admin.proto. Who may ask is
/// <see cref="ManagementGate"/>'s matter.
/// <code>
/// GET /health/live    200 while the process answers
/// GET /health/ready   200 while pages are served; else 503 and why
/// GET /metrics        Prometheus text (Telemetry:Prometheus)
/// GET /admin/tenants            statistics of all tenants and of the server
/// GET /admin/tenants/{tenant}   statistics of one tenant
/// GET /admin/config             settings in force, with their origin
/// GET /admin/check[?deep=true]  audit of all tenants
/// GET /console                  the same for a person, see <see cref="ConsoleEndpoints"/>
/// </code>
/// </summary>
internal static class ManagementEndpoints
{
    private const string Json = "application/json";

    private static readonly JsonFormatter s_format = new(
        JsonFormatter.Settings.Default.WithFormatDefaultValues(true).WithPreserveProtoFieldNames(true));

    public static void Map(IEndpointRouteBuilder routes, ValidSettings settings, string printedSettings)
    {
        routes.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        routes.MapHealthChecks("/health/ready", new HealthCheckOptions { ResponseWriter = WriteHealthAsync });
        if (settings.Prometheus)
        {
            routes.MapPrometheusScrapingEndpoint("/metrics");
        }

        routes.MapGet(
            "/admin/tenants", (PageStore store) => Results.Text(s_format.Format(TenantReport.OfAll(store)), Json));
        routes.MapGet("/admin/tenants/{tenant}", GetTenant);
        routes.MapGet("/admin/config", () => Results.Text(printedSettings));
        routes.MapGet("/admin/check", CheckAsync);
        ConsoleEndpoints.Map(routes);
    }

    private static IResult GetTenant(string tenant, PageStore store) => store.TryGetTenant(tenant, out Tenant? found)
        ? Results.Text(s_format.Format(TenantReport.Of(found)), Json)
        : Results.Json(
            new { error = $"tenant '{tenant}' is not configured on this server" },
            statusCode: StatusCodes.Status404NotFound);

    private static async Task<IResult> CheckAsync(
        PageStore store, CancellationToken cancellation, bool deep = false) =>
        Results.Text(s_format.Format(await AuditReport.RunAsync(store.Tenants, deep, cancellation)), Json);

    private static Task WriteHealthAsync(
        HttpContext context, Microsoft.Extensions.Diagnostics.HealthChecks.HealthReport report)
    {
        context.Response.ContentType = Json;
        return context.Response.WriteAsync(JsonSerializer.Serialize(new
        {
            status = report.Status.ToString(),
            problems = ManagementGate.MaySee(context)
                ? report.Entries.Values.Select(entry => entry.Description).Where(text => text is not null)
                : [],
        }));
    }
}
