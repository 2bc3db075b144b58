using RemoteSwap.Store;

namespace RemoteSwap.Server.Management;

/// <summary>
/// The console: a page for a person, and the two documents that it is made of. Read only.
/// <code>
/// GET /                     the page is at /console
/// GET /console              the page
/// GET /console/page/{file}  its parts
/// GET /console/api/figures  counters, gauges, latency and refusals of now
/// GET /console/api/frames   a part of the map of frames
/// </code>
/// </summary>
internal static class ConsoleEndpoints
{
    private const string Page = "console.html";
    private const int DefaultCells = 2048;

    public static void Map(IEndpointRouteBuilder routes)
    {
        Dictionary<string, ConsoleFile> files = ConsoleFile.LoadAll();
        routes.MapGet("/", () => Results.Redirect("/console"));
        routes.MapGet("/console", files[Page].Serve);
        routes.MapGet(
            "/console/page/{file}",
            (string file, HttpContext context) => files.TryGetValue(file, out ConsoleFile? found)
                ? found.Serve(context)
                : Results.NotFound());
        routes.MapGet("/console/api/figures", GetFiguresAsync);
        routes.MapGet("/console/api/frames", GetFrames);
    }

    private static async Task<IResult> GetFiguresAsync(ConsolePoll poll, HttpContext context)
    {
        NoStore(context);
        return Results.Json(await poll.FiguresAsync(context.RequestAborted), ConsoleJson.Default.ConsoleFigures);
    }

    private static IResult GetFrames(
        PageStore store,
        ConsolePoll poll,
        HttpContext context,
        string? tenant = null,
        string region = ConsoleFrames.Arena,
        long from = 0,
        long? count = null,
        int cells = DefaultCells)
    {
        NoStore(context);
        Tenant? found = null;
        if (!string.IsNullOrEmpty(tenant) && !store.TryGetTenant(tenant, out found))
        {
            return Error(
                $"tenant '{tenant}' is not configured on this server", StatusCodes.Status404NotFound);
        }

        string? problem = region is not (ConsoleFrames.Arena or ConsoleFrames.Spill)
            ? $"region is '{region}'; arena and spill are allowed"
            : from < 0 ? $"from is {from}; at least 0 is allowed"
            : count < 0 ? $"count is {count}; at least 0 is allowed"
            : cells is < 1 or > FrameSurvey.MaxBlocks ? $"cells is {cells}; 1 to {FrameSurvey.MaxBlocks} are allowed"
            : null;
        return problem is null
            ? Results.Json(poll.Frames(region, found, from, count, cells), ConsoleJson.Default.ConsoleFrames)
            : Error(problem, StatusCodes.Status400BadRequest);
    }

    private static void NoStore(HttpContext context) => context.Response.Headers.CacheControl = "no-store";

    private static IResult Error(string error, int status) => Results.Json(new { error }, statusCode: status);
}
