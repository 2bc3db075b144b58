using RemoteSwap.Server.Options;

namespace RemoteSwap.Server.Security;

/// <summary>
/// The state of certificates and tokens that is in force, and its renewal. Files are compared by their bytes, not by
/// their times: a secret that is mounted, and swapped by a link, is noticed too. New ones count when they were read the
/// same twice, so that one that is being written is not taken for a broken one; files that cannot be used change
/// nothing.
/// <para>Thread-safe to ask; <see cref="Look"/> is for one caller at a time.</para>
/// </summary>
internal sealed class CredentialStore
{
    private readonly SecurityOptions _options;
    private readonly TimeProvider _time;

    // What was read at the last look, and which of it has been judged.
    private SecurityFiles _seen;
    private SecurityFiles _judged;
    private SecurityState _current;
    private long _reloads;
    private long _failures;

    /// <summary>Reads the files.</summary>
    /// <exception cref="SettingsException">They cannot be used.</exception>
    public CredentialStore(SecurityOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _seen = _judged = SecurityFiles.Read(options);
        List<string> errors = [];
        _current = _seen.ToState(SecurityState.Empty, time.GetUtcNow(), errors);
        if (errors.Count > 0)
        {
            throw new SettingsException(errors);
        }
    }

    /// <summary>The state in force.</summary>
    public SecurityState Current => Volatile.Read(ref _current);

    /// <summary>How often changed files were taken.</summary>
    public long Reloads => Volatile.Read(ref _reloads);

    /// <summary>How often changed files could not be used.</summary>
    public long Failures => Volatile.Read(ref _failures);

    /// <summary>Looks whether files have changed, and takes them if they can be used.</summary>
    /// <returns>What came of it; null: nothing has changed, or not for long enough.</returns>
    public CredentialReload? Look()
    {
        SecurityFiles now = SecurityFiles.Read(_options);
        bool isSettled = now.AreSame(_seen);
        _seen = now;
        if (!isSettled || now.AreSame(_judged))
        {
            return null;
        }

        string changed = now.Changed(_judged);
        _judged = now;
        List<string> errors = [];
        SecurityState state = now.ToState(Current, _time.GetUtcNow(), errors);
        if (errors.Count > 0)
        {
            Interlocked.Increment(ref _failures);
            return new CredentialReload(changed, string.Join("; ", errors));
        }

        Volatile.Write(ref _current, state);
        Interlocked.Increment(ref _reloads);
        return new CredentialReload(changed, Problem: null);
    }
}
