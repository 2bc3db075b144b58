using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace RemoteSwap.Cli.Tests.Support;

/// <summary>The least of an NBD client: the oldest way to an export, one request at a time, simple replies.</summary>
internal sealed class PlainNbd : IDisposable
{
    private const uint RequestMagic = 0x25609513;
    private const int Read = 0;
    private const int Write = 1;

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    private PlainNbd(string path)
    {
        _socket.Connect(new UnixDomainSocketEndPoint(path));
        byte[] greeting = Receive(18);
        Xunit.Assert.Equal("NBDMAGICIHAVEOPT", Encoding.ASCII.GetString(greeting, 0, 16));
        byte[] option = new byte[4 + 16];
        option[3] = 3;
        Encoding.ASCII.GetBytes("IHAVEOPT").CopyTo(option, 4);
        option[15] = 1;
        _socket.Send(option);
        SizeBytes = BinaryPrimitives.ReadInt64BigEndian(Receive(10));
    }

    public long SizeBytes { get; }

    public static PlainNbd Connect(string path) => new(path);

    public void WriteAt(long offset, byte[] data)
    {
        Request(Write, offset, data.Length);
        _socket.Send(data);
        Reply();
    }

    /// <summary>Writes where there may be no room.</summary>
    /// <returns>The error; 0: none.</returns>
    public int TryWriteAt(long offset, byte[] data)
    {
        Request(Write, offset, data.Length);
        _socket.Send(data);
        return BinaryPrimitives.ReadInt32BigEndian(Receive(16).AsSpan(4));
    }

    /// <summary>Reads where that may fail.</summary>
    /// <returns>The bytes; null: it failed.</returns>
    public byte[]? TryReadAt(long offset, int bytes)
    {
        Request(Read, offset, bytes);
        return BinaryPrimitives.ReadInt32BigEndian(Receive(16).AsSpan(4)) == 0 ? Receive(bytes) : null;
    }

    public byte[] ReadAt(long offset, int bytes)
    {
        Request(Read, offset, bytes);
        Reply();
        return Receive(bytes);
    }

    /// <summary>Reads where that should fail.</summary>
    /// <returns>The error; 0: none.</returns>
    public int ErrorAt(long offset, int bytes)
    {
        Request(Read, offset, bytes);
        int error = BinaryPrimitives.ReadInt32BigEndian(Receive(16).AsSpan(4));
        if (error == 0)
        {
            Receive(bytes);
        }

        return error;
    }

    public void Dispose() => _socket.Dispose();

    private void Request(int command, long offset, int bytes)
    {
        byte[] request = new byte[28];
        BinaryPrimitives.WriteUInt32BigEndian(request, RequestMagic);
        request[7] = (byte)command;
        BinaryPrimitives.WriteInt64BigEndian(request.AsSpan(16), offset);
        BinaryPrimitives.WriteInt32BigEndian(request.AsSpan(24), bytes);
        _socket.Send(request);
    }

    private void Reply() => Xunit.Assert.Equal(0, BinaryPrimitives.ReadInt32BigEndian(Receive(16).AsSpan(4)));

    private byte[] Receive(int bytes)
    {
        byte[] all = new byte[bytes];
        for (int got = 0; got < bytes;)
        {
            int more = _socket.Receive(all, got, bytes - got, SocketFlags.None);
            Xunit.Assert.NotEqual(0, more);
            got += more;
        }

        return all;
    }
}
