using System.Text;
using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Output;
using RemoteSwap.Client;
using RemoteSwap.Privacy;

namespace RemoteSwap.Cli.Commands.Nbd;

/// <summary>
/// What a device needs to go on with its session after it was killed: a file that only its user can read, there whole
/// or not at all. It need not outlive the machine, for the guest does not either.
/// <para>Any thread may write, one at a time; the device's lock keeps other processes away.</para>
/// </summary>
internal sealed class SessionFile
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead
        | UnixFileMode.OtherWrite;

    private readonly Lock _gate = new();
    private readonly CommandRun _run;

    private SessionFile(CommandRun run, string path)
    {
        _run = run;
        Path = path;
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>What this process has written last; null: nothing.</summary>
    public SessionTicket? Written { get; private set; }

    /// <summary>Names the file; opens nothing.</summary>
    /// <param name="run">Server, tenant, area and environment.</param>
    /// <param name="path">Where the user wants it; null: in the user's runtime directory.</param>
    public static SessionFile Of(CommandRun run, string? path)
    {
        if (path is not null)
        {
            return new SessionFile(run, System.IO.Path.GetFullPath(path));
        }

        string name = $"area-{AreaFileName.Of(run.Server, run.Area)}.session";
        string? runtime = run.Surroundings.Variable("XDG_RUNTIME_DIR");
        return new SessionFile(run, string.IsNullOrEmpty(runtime)
            ? System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"remoteswap-{name}")
            : System.IO.Path.Combine(runtime, "remoteswap", name));
    }

    /// <summary>Reads the session.</summary>
    /// <returns>What is needed to go on; null: there is no file.</returns>
    /// <exception cref="CommandFailedException">Others can read it, or it is none of this area.</exception>
    public SessionTicket? Read()
    {
        if (!File.Exists(Path))
        {
            return null;
        }

        if (!OperatingSystem.IsWindows()
            && (File.GetUnixFileMode(Path) & Others) is var others and not UnixFileMode.None)
        {
            throw new CommandFailedException(
                ExitCode.Permission,
                $"session file '{Path}' is open to others ({others}), who could act for the device; if nobody has read "
                + "it, chmod 600 it, else remove it and give --take-over");
        }

        SessionDocument document = Parse(File.ReadAllText(Path));
        return document.Tenant == _run.Server.TenantOrDefault && document.Area == _run.Area
            ? new SessionTicket(document.Epoch, document.Token, document.Incarnation)
            : throw CommandFailedException.Failed(
                $"session file '{Path}' is of area {document.Area} of tenant '{document.Tenant}' at {document.Server}, "
                + $"not of area {_run.Area} of tenant '{_run.Server.TenantOrDefault}'; give another --session");
    }

    /// <summary>Writes the session in place of an earlier one.</summary>
    /// <exception cref="IOException">It can not be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Write(SessionTicket ticket)
    {
        SessionDocument document = new(
            _run.Server.WithTenant(null).ToString(), _run.Server.TenantOrDefault, _run.Area, ticket.Epoch, ticket.Token,
            ticket.Incarnation);
        string text = JsonText.Format(document, CliJsonContext.Default.SessionDocument, isLine: false);
        lock (_gate)
        {
            PrivateFile.MakeFolder(System.IO.Path.GetDirectoryName(Path)!);
            string whole = $"{Path}.{System.IO.Path.GetRandomFileName()}";
            try
            {
                using (FileStream stream = new(
                    whole, PrivateFile.Options(FileMode.CreateNew, FileAccess.Write, FileShare.Read)))
                {
                    stream.Write(Encoding.UTF8.GetBytes(text + "\n"));
                    stream.Flush(flushToDisk: true);
                }

                File.Move(whole, Path, overwrite: true);
                Written = ticket;
            }
            catch
            {
                File.Delete(whole);
                throw;
            }
        }
    }

    /// <summary>Removes the file: the session is over.</summary>
    public void Delete() => File.Delete(Path);

    private SessionDocument Parse(string text) => SessionDocument.Read(text) ?? throw CommandFailedException.Failed(
        $"'{Path}' is no session file; give another --session, or remove it and give --take-over");
}
