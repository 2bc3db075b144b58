using System.Text;
using RemoteSwap.LoadGen.Bench.Peers;
using Xunit;

namespace RemoteSwap.LoadGen.Tests.Bench;

public sealed class PeerDialectTests
{
    private static readonly byte[] s_blob = "abcd"u8.ToArray();

    [Fact]
    public void Redis_is_asked_in_whole_commands()
    {
        RespDialect dialect = new(s_blob.Length);

        Assert.Equal("*3\r\n$3\r\nSET\r\n$10\r\n0000000042\r\n$4\r\nabcd\r\n", Store(dialect, 42));
        Assert.Equal("*2\r\n$3\r\nGET\r\n$10\r\n0000000007\r\n", Load(dialect, 7));
        AssertReplies(dialect, "+OK\r\n", "-NO\r\n", "$4\r\nabcd\r\n", "$5\r\nabcde\r");
    }

    [Fact]
    public void Memcached_is_asked_in_whole_commands()
    {
        MemcachedDialect dialect = new(s_blob.Length);

        Assert.Equal("set 0000000042 0 0 4\r\nabcd\r\n", Store(dialect, 42));
        Assert.Equal("get 0000000007\r\n", Load(dialect, 7));
        AssertReplies(
            dialect,
            "STORED\r\n",
            "SERVER_E",
            "VALUE 0000000007 0 4\r\nabcd\r\nEND\r\n",
            "END\r\nEND\r\nEND\r\nEND\r\nEND\r\nEND\r\nEND");
    }

    [Fact]
    public void Nbd_is_asked_for_the_place_of_the_page()
    {
        NbdDialect dialect = new(s_blob.Length);
        byte[] store = new byte[dialect.StoreBytes];
        dialect.WriteStore(store, 3, s_blob);

        Assert.Equal("25609513" + "0000" + "0001" + "0000000000000003" + "000000000000000C" + "00000004" + "61626364",
            Convert.ToHexString(store));
        Assert.True(dialect.IsStored(Convert.FromHexString("67446698" + "00000000" + "0000000000000003")));
        Assert.False(dialect.IsStored(Convert.FromHexString("67446698" + "00000005" + "0000000000000003")));
        Assert.Equal(16 + s_blob.Length, dialect.LoadedBytes);
    }

    private static string Store(IPeerDialect dialect, int key)
    {
        byte[] request = new byte[dialect.StoreBytes];
        dialect.WriteStore(request, key, s_blob);
        return Encoding.ASCII.GetString(request);
    }

    private static string Load(IPeerDialect dialect, int key)
    {
        byte[] request = new byte[dialect.LoadBytes];
        dialect.WriteLoad(request, key);
        return Encoding.ASCII.GetString(request);
    }

    private static void AssertReplies(
        IPeerDialect dialect, string stored, string notStored, string loaded, string notLoaded)
    {
        Assert.Equal((stored.Length, loaded.Length), (dialect.StoredBytes, dialect.LoadedBytes));
        Assert.True(dialect.IsStored(Encoding.ASCII.GetBytes(stored)));
        Assert.False(dialect.IsStored(Encoding.ASCII.GetBytes(notStored)));
        Assert.True(dialect.IsLoaded(Encoding.ASCII.GetBytes(loaded)));
        Assert.False(dialect.IsLoaded(Encoding.ASCII.GetBytes(notLoaded)));
    }
}
