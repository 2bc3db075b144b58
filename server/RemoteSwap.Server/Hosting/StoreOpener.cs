using System.ComponentModel;
using RemoteSwap.Server.Options;
using RemoteSwap.Store;
using RemoteSwap.Units;

namespace RemoteSwap.Server.Hosting;

/// <summary>
/// Opens the store with what it needs: memory, spill file, state folder. What cannot be had is a wrong setting, and is
/// said like one.
/// </summary>
internal static class StoreOpener
{
    private const string SpillBookName = "spill-book";

    /// <summary>Opens a store that serves nothing yet.</summary>
    /// <exception cref="SettingsException">Something that it needs cannot be had.</exception>
    /// <param name="settings">The settings.</param>
    /// <param name="watch">Is told how long reclaim and the spill file take.</param>
    public static PageStore Open(ValidSettings settings, IStoreWatch watch)
    {
        SpillFile? spill = null;
        StateFolder? state = null;
        PageStore? store = null;
        try
        {
            state = OpenState(settings);
            RequireSpillFile(settings, state);
            spill = OpenSpillFile(settings, watch);
            store = new PageStore(settings.Store, settings.Tenants, spill, state: state, watch: watch);
            return store;
        }
        catch (Win32Exception failure)
        {
            throw new SettingsException(
                [$"Store:Limit is {new ByteSize(settings.Store.LimitBytes)}; {failure.Message}"]);
        }
        finally
        {
            if (store is null)
            {
                spill?.Dispose();
                state?.Dispose();
            }
        }
    }

    /// <summary>
    /// Takes what the last life left, if it left anything, and begins the store's life: from here on it may serve.
    /// </summary>
    /// <exception cref="SettingsException">Pages would be lost, or the folder cannot be used.</exception>
    public static async Task BeginAsync(
        PageStore store, ValidSettings settings, WarmReport? report, CancellationToken cancellation)
    {
        try
        {
            WarmResult result =
                await new WarmRestart(store).StartAsync(settings.DiscardsState, report, cancellation);
            report?.Started(result);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or StateException)
        {
            throw Wrong(settings, failure.Message);
        }
    }

    private static StateFolder? OpenState(ValidSettings settings)
    {
        try
        {
            return settings.StateFolder.Length == 0
                ? null
                : StateFolder.Open(settings.StateFolder, TimeProvider.System);
        }
        catch (StateException failure)
        {
            throw Wrong(settings, failure.Message);
        }
    }

    // Before another file takes its place.
    private static void RequireSpillFile(ValidSettings settings, StateFolder? state)
    {
        if (state is null || settings.SpillPath.Length == 0 || settings.DiscardsState)
        {
            return;
        }

        try
        {
            if (DrainedSpill.WhyNot(state, settings.SpillPath) is { } problem)
            {
                throw new SettingsException([$"Spill:Path is '{settings.SpillPath}'; {problem}"]);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException(
                [$"Spill:Path is '{settings.SpillPath}'; it cannot be read: {failure.Message}"]);
        }
    }

    private static SpillFile? OpenSpillFile(ValidSettings settings, IStoreWatch watch)
    {
        try
        {
            return settings.SpillPath.Length == 0
                ? null
                : new SpillFile(
                    settings.SpillPath,
                    settings.SpillLimitBytes,
                    settings.StateFolder.Length == 0 ? null : Path.Combine(settings.StateFolder, SpillBookName),
                    settings.SealsSpill)
                {
                    Watch = watch,
                };
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException(
                [$"Spill:Path is '{settings.SpillPath}'; the file cannot be made: {failure.Message}"]);
        }
    }

    private static SettingsException Wrong(ValidSettings settings, string problem) =>
        new([$"State:Folder is '{settings.StateFolder}'; {problem}"]);
}
