using System.Buffers.Binary;
using System.Net.Security;
using RemoteSwap.Nbd.Connections;
using RemoteSwap.Nbd.Wire;

namespace RemoteSwap.Nbd.Negotiation;

/// <summary>
/// The handshake, fixed newstyle only: what a client and the server agree on before transmission. One option after
/// another, answered in order; nothing here is fast or has to be.
/// <para>
/// An option that is unknown, wrong or too long is answered and the stream stays in step. What can not be answered ends
/// the connection: a wrong magic number, unknown flags of the client, an unknown export in NBD_OPT_EXPORT_NAME, more
/// than <see cref="MaxOptions"/> options, more than <see cref="MaxSkippedBytes"/> of data.
/// </para>
/// <para>One user; no locks.</para>
/// </summary>
internal sealed class Handshake
{
    /// <summary>Options of one handshake, before and after TLS together.</summary>
    public const int MaxOptions = 64;

    /// <summary>The longest data that are looked at; longer ones are refused.</summary>
    public const int MaxOptionBytes = 16 << 10;

    /// <summary>The longest data that are refused; longer ones end the connection.</summary>
    public const uint MaxSkippedBytes = 1 << 20;

    private const int GreetingBytes = 18;
    private const HandshakeFlags Offered = HandshakeFlags.FixedNewstyle | HandshakeFlags.NoZeroes;

    private readonly NbdConnection _connection;
    private readonly NbdServerOptions _options;
    private readonly ConnectionStream _stream;
    private readonly ExportOptions _exports;
    private readonly MetaContextOptions _contexts;
    private HandshakeFlags _clientFlags;
    private bool _isStructured;
    private Agreement? _agreement;
    private bool _isOver;

    /// <summary>Makes a handshake that has not begun.</summary>
    public Handshake(NbdConnection connection, NbdExport export)
    {
        _connection = connection;
        _options = export.Options;
        _stream = connection.Stream;
        _exports = new ExportOptions(export);
        _contexts = new MetaContextOptions(_exports);
    }

    private bool NeedsTls => _options.RequireTls && !_stream.IsTls;

    /// <summary>
    /// Agrees with a client.
    /// <list type="number">
    /// <item>greet it</item>
    /// <item>take its flags</item>
    /// <item>answer its options until one begins transmission or ends the connection</item>
    /// </list>
    /// </summary>
    /// <returns>What was agreed on; null: the client has gone.</returns>
    /// <exception cref="InvalidDataException">The client broke the protocol.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public async Task<Agreement?> RunAsync(CancellationToken ct)
    {
        // 1.
        byte[] greeting = new byte[GreetingBytes];
        BinaryPrimitives.WriteUInt64BigEndian(greeting, NbdMagic.Server);
        BinaryPrimitives.WriteUInt64BigEndian(greeting.AsSpan(8), NbdMagic.Option);
        BinaryPrimitives.WriteUInt16BigEndian(greeting.AsSpan(16), (ushort)Offered);
        await _stream.WriteAsync(greeting).ConfigureAwait(false);

        // 2.
        if (!await _stream.Input.FillAsync(sizeof(uint)).ConfigureAwait(false))
        {
            return null;
        }

        _clientFlags = (HandshakeFlags)BinaryPrimitives.ReadUInt32BigEndian(_stream.Input.Peek(sizeof(uint)));
        _stream.Input.Skip(sizeof(uint));
        if ((_clientFlags & ~Offered) != HandshakeFlags.None)
        {
            throw new InvalidDataException($"the client has unknown flags: {(uint)_clientFlags:x}");
        }

        // 3.
        for (int count = 0; !_isOver; count++)
        {
            if (count == MaxOptions)
            {
                throw new InvalidDataException($"the client sent more than {MaxOptions} options");
            }

            if (!await _stream.Input.FillAsync(OptionHeader.Bytes).ConfigureAwait(false))
            {
                return null;
            }

            await TakeOptionAsync(ct).ConfigureAwait(false);
        }

        return _agreement;
    }

    private async Task TakeOptionAsync(CancellationToken ct)
    {
        (uint option, uint length) = OptionHeader.Read(_stream.Input.Peek(OptionHeader.Bytes));
        _stream.Input.Skip(OptionHeader.Bytes);
        if (!_clientFlags.HasFlag(HandshakeFlags.FixedNewstyle) && option != (uint)NbdOption.ExportName)
        {
            throw new InvalidDataException($"option {option} needs the flag for fixed newstyle");
        }

        OptionReplies replies = new(option);
        if (length > MaxOptionBytes)
        {
            if (length > MaxSkippedBytes || option == (uint)NbdOption.ExportName)
            {
                throw new InvalidDataException($"option {option} has {length} bytes of data");
            }

            await _stream.Input.DrainAsync(length).ConfigureAwait(false);
            replies.Error(OptionReplyType.ErrorTooBig, "the option has too much data");
            await _stream.WriteAsync(replies.Bytes).ConfigureAwait(false);
            return;
        }

        byte[] data = new byte[length];
        await _stream.Input.ReadAsync(data).ConfigureAwait(false);
        if (option == (uint)NbdOption.ExportName)
        {
            await BeginOldWayAsync(data).ConfigureAwait(false);
            return;
        }

        bool beginsTls = Answer((NbdOption)option, replies, data);
        await _stream.WriteAsync(replies.Bytes).ConfigureAwait(false);
        if (beginsTls)
        {
            SslServerAuthenticationOptions how = await _options.Tls!(ct).ConfigureAwait(false);
            await _stream.StartTlsAsync(how, ct).ConfigureAwait(false);

            // Whoever was in between may have had a say until now.
            _isStructured = false;
            _contexts.Reset();
        }
    }

    private async Task BeginOldWayAsync(byte[] data)
    {
        if (NeedsTls || _connection.IsStopping)
        {
            throw new InvalidDataException("NBD_OPT_EXPORT_NAME can not be answered with an error");
        }

        if (!OptionData.TryDecode(data, out string? name) || !_exports.IsKnown(name))
        {
            throw new InvalidDataException("NBD_OPT_EXPORT_NAME asks for an export that there is not");
        }

        bool hasZeroes = !_clientFlags.HasFlag(HandshakeFlags.NoZeroes);
        await _stream.WriteAsync(_exports.TellOldWay(_isStructured, hasZeroes)).ConfigureAwait(false);
        Begin(name);
    }

    // True: TLS begins after the reply.
    private bool Answer(NbdOption option, OptionReplies replies, byte[] data)
    {
        if (option == NbdOption.Abort)
        {
            _isOver = true;
            replies.Ack();
        }
        else if (_connection.IsStopping)
        {
            replies.Error(OptionReplyType.ErrorShutdown, "the server is going down");
        }
        else if (option == NbdOption.StartTls)
        {
            return AnswerStartTls(replies, data);
        }
        else if (NeedsTls)
        {
            replies.Error(OptionReplyType.ErrorTlsRequired, "this server serves over TLS only");
        }
        else
        {
            AnswerOther(option, replies, data);
        }

        return false;
    }

    private bool AnswerStartTls(OptionReplies replies, byte[] data)
    {
        if (data.Length > 0 || _stream.IsTls)
        {
            replies.Error(OptionReplyType.ErrorInvalid, "TLS is on already, or was asked for with data");
            return false;
        }

        if (_options.Tls is null)
        {
            replies.Error(OptionReplyType.ErrorPolicy, "this server has no certificate");
            return false;
        }

        replies.Ack();
        return true;
    }

    private void AnswerOther(NbdOption option, OptionReplies replies, byte[] data)
    {
        switch (option)
        {
            case NbdOption.List:
                _exports.List(replies, data);
                break;
            case NbdOption.Info:
                _exports.Tell(replies, InfoRequest.Read(data), _isStructured);
                break;
            case NbdOption.Go:
                InfoRequest? request = InfoRequest.Read(data);
                if (_exports.Tell(replies, request, _isStructured))
                {
                    Begin(request!.Name);
                }

                break;
            case NbdOption.StructuredReply when data.Length == 0:
                _isStructured = true;
                replies.Ack();
                break;
            case NbdOption.StructuredReply:
                replies.Error(OptionReplyType.ErrorInvalid, "structured replies take no data");
                break;
            case NbdOption.ListMetaContext:
                _contexts.List(replies, MetaContextQuery.Read(data));
                break;
            case NbdOption.SetMetaContext:
                _contexts.Set(replies, MetaContextQuery.Read(data), _isStructured);
                break;
            default:
                replies.Error(OptionReplyType.ErrorUnsupported, "the option is unknown");
                break;
        }
    }

    private void Begin(string exportName)
    {
        _agreement = new Agreement(_isStructured, _contexts.IsChosenFor(exportName));
        _isOver = true;
    }
}
