using RemoteSwap.Nbd.Tests.Processes;
using RemoteSwap.Nbd.Tests.Support;

namespace RemoteSwap.Nbd.Tests.Clients;

/// <summary>libnbd, by the scripts one would type into nbdsh; libnbd checks every reply against the protocol.</summary>
public sealed class LibnbdTests
{
    private const string Fails = """

        def fails(code, f, *args, **kw):
            try:
                f(*args, **kw)
            except nbd.Error as e:
                assert e.errnum == code, (e.string, e.errnum)
            else:
                assert False, "did not fail"

        """;

    public static TheoryData<bool> Structured => [true, false];

    [Theory]
    [MemberData(nameof(Structured))]
    public async Task Every_command_works(bool isStructured)
    {
        await using TestServer server = new();

        await PythonNbd.RunAsync(server.Uri, $$"""
            h.set_request_structured_replies({{(isStructured ? "True" : "False")}})
            h.connect_uri(uri)
            assert h.get_structured_replies_negotiated() == {{(isStructured ? "True" : "False")}}
            assert h.get_protocol() == "newstyle-fixed"
            assert h.get_size() == 16 << 20
            for n in [512, 4096, 65536, 1 << 20, 16 << 20]:
                data = bytes((i * 31 + n) & 255 for i in range(512)) * (n // 512)
                h.pwrite(data, 0)
                assert h.pread(n, 0) == data
            h.flush()
            h.zero(8192, 4096)
            assert h.pread(8192, 4096) == bytes(8192)
            h.trim(4096, 0)
            h.cache(65536, 0)
            h.shutdown()
            """);

        Assert.Contains("cache 0+65536", server.Device.Calls);
        Assert.DoesNotContain("cut", server.Log, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Structured))]
    public async Task Every_flag_works(bool isStructured)
    {
        await using TestServer server = new();

        await PythonNbd.RunAsync(server.Uri, $$"""
            h.set_request_structured_replies({{(isStructured ? "True" : "False")}})
            h.connect_uri(uri)
            assert h.can_fua() and h.can_flush() and h.can_trim() and h.can_zero() and h.can_fast_zero()
            assert h.can_cache() and h.can_multi_conn() and not h.is_read_only() and not h.is_rotational()
            assert h.can_df() == {{(isStructured ? "True" : "False")}}
            h.pwrite(b'x' * 4096, 0, nbd.CMD_FLAG_FUA)
            h.trim(4096, 0, nbd.CMD_FLAG_FUA)
            h.zero(4096, 0, nbd.CMD_FLAG_FUA | nbd.CMD_FLAG_NO_HOLE | nbd.CMD_FLAG_FAST_ZERO)
            if h.can_df():
                chunks = []
                h.pread_structured(65536, 0, lambda b, o, s, e: chunks.append(s), nbd.CMD_FLAG_DF)
                assert chunks == [nbd.READ_DATA]
            h.shutdown()
            """);

        Assert.Equal(
            ["write 0+4096", "flush", "trim 0+4096", "flush", "zero 0+4096 keep", "flush"],
            server.Device.Calls.Take(6));
    }

    [Fact]
    public async Task Extents_and_chunks_are_told()
    {
        await using TestServer server = new();

        await PythonNbd.RunAsync(server.Uri, """
            h.add_meta_context("base:allocation")
            h.connect_uri(uri)
            assert h.can_meta_context("base:allocation")
            h.pwrite(b'x' * 65536, 65536)
            found = []
            def extent(context, offset, entries, error):
                assert context == "base:allocation"
                found.append((offset, entries))
            h.block_status(16 << 20, 0, extent)
            assert found == [(0, [65536, 3, 65536, 0, (16 << 20) - 131072, 3])], found
            found.clear()
            h.block_status(16 << 20, 0, extent, nbd.CMD_FLAG_REQ_ONE)
            assert found == [(0, [65536, 3])], found
            chunks = []
            def chunk(buffer, offset, status, error):
                chunks.append((offset, len(buffer), status))
            data = h.pread_structured(262144, 0, chunk)
            assert data == bytes(65536) + b'x' * 65536 + bytes(131072)
            assert chunks == [(0, 65536, nbd.READ_HOLE), (65536, 65536, nbd.READ_DATA),
                              (131072, 131072, nbd.READ_HOLE)], chunks
            h.shutdown()
            """);
    }

    [Fact]
    public async Task The_server_checks_what_a_client_does_not()
    {
        await using TestServer server = new();

        await PythonNbd.RunAsync(server.Uri, Fails + """
            h.set_strict_mode(0)
            h.connect_uri(uri)
            size = h.get_size()
            fails(errno.EINVAL, h.pread, 512, size)
            fails(errno.ENOSPC, h.pwrite, bytes(512), size)
            fails(errno.ENOSPC, h.zero, 512, size)
            fails(errno.EINVAL, h.trim, 512, size)
            fails(errno.EINVAL, h.pread, 100, 0)
            fails(errno.EINVAL, h.pwrite, bytes(100), 0)
            fails(errno.EINVAL, h.pwrite, bytes(512), 100)
            fails(errno.EINVAL, h.trim, 512, 0, nbd.CMD_FLAG_DF)
            fails(errno.EINVAL, h.pread, 0, 0)
            assert h.pread(512, 0) == bytes(512)
            h.shutdown()
            """);
    }

    [Fact]
    public async Task Options_are_answered_one_by_one()
    {
        await using TestServer server = new(new NbdServerOptions { ExportName = "vm7", Description = "swap of vm7" });

        await PythonNbd.RunAsync(server.Uri, Fails + """
            h.set_opt_mode(True)
            h.set_full_info(True)
            h.connect_uri(uri)
            names = []
            h.opt_list(lambda name, description: names.append(name))
            assert names == ["vm7"], names
            contexts = []
            h.opt_list_meta_context(lambda name: contexts.append(name))
            assert contexts == ["base:allocation"], contexts
            h.set_export_name("vm8")
            fails(errno.ENOENT, h.opt_go)
            h.set_export_name("vm7")
            h.opt_info()
            assert h.get_size() == 16 << 20
            assert h.get_canonical_export_name() == "vm7"
            assert h.get_export_description() == "swap of vm7"
            assert h.get_block_size(nbd.SIZE_MINIMUM) == 512
            assert h.get_block_size(nbd.SIZE_PREFERRED) == 4096
            assert h.get_block_size(nbd.SIZE_MAXIMUM) == 32 << 20
            h.opt_go()
            assert h.pread(512, 0) == bytes(512)
            h.shutdown()
            """);
    }

    [Fact]
    public async Task Many_requests_at_a_time_are_answered()
    {
        await using TestServer server = new();
        server.Device.Before = async (_, offset) =>
        {
            await Task.Delay((int)(offset / 4096 % 3));
            return NbdResult.Success;
        };

        await PythonNbd.RunAsync(server.Uri, """
            h.connect_uri(uri)
            cookies = []
            for i in range(256):
                buffer = nbd.Buffer.from_bytearray(bytearray([i]) * 4096)
                cookies.append(h.aio_pwrite(buffer, i * 4096))
            while h.aio_in_flight() > 0:
                h.poll(-1)
            for c in cookies:
                assert h.aio_command_completed(c)
            buffers = [nbd.Buffer(4096) for i in range(256)]
            cookies = [h.aio_pread(b, i * 4096) for i, b in enumerate(buffers)]
            while h.aio_in_flight() > 0:
                h.poll(-1)
            for i, b in enumerate(buffers):
                assert h.aio_command_completed(cookies[i])
                assert b.to_bytearray() == bytearray([i]) * 4096
            h.shutdown()
            """);

        Assert.InRange(server.Device.MostRunning, 2, 64);
    }

    [Fact]
    public async Task Four_connections_see_each_others_flushed_writes()
    {
        await using TestServer server = new();

        await PythonNbd.RunAsync(server.Uri, """
            hs = [nbd.NBD() for i in range(4)]
            for x in hs:
                x.connect_uri(uri)
                assert x.can_multi_conn()
            for round in range(50):
                for i, x in enumerate(hs):
                    x.pwrite(bytes([round + i]) * 4096, i * 4096)
                hs[round % 4].flush()
                for x in hs:
                    for i in range(4):
                        assert x.pread(4096, i * 4096) == bytes([round + i]) * 4096
            for x in hs:
                x.shutdown()
            """);

        Assert.Equal(50, server.Device.Calls.Count(call => call == "flush"));
    }

    [Fact]
    public async Task A_read_only_export_is_read_only()
    {
        await using TestServer server = new(new NbdServerOptions { ReadOnly = true, Rotational = true });

        await PythonNbd.RunAsync(server.Uri, Fails + """
            h.set_strict_mode(0)
            h.connect_uri(uri)
            assert h.is_read_only() and h.is_rotational() and not h.can_trim() and not h.can_zero()
            fails(errno.EPERM, h.pwrite, bytes(512), 0)
            fails(errno.EPERM, h.zero, 512, 0)
            assert h.pread(512, 0) == bytes(512)
            h.shutdown()
            """);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Tls_works(bool isRequired)
    {
        await using TestServer server = new(
            new NbdServerOptions { Tls = TestCertificate.Tls, RequireTls = isRequired }, isTcp: true);
        TestCertificate.WriteAuthority(server.Folder);

        await PythonNbd.RunAsync(server.Uri, $$"""
            assert nbd.NBD().supports_tls()
            h.set_tls(nbd.TLS_REQUIRE)
            h.set_tls_certificates("{{server.Folder}}")
            h.connect_tcp("localhost", uri.split(":")[2].split("/")[0])
            assert h.get_tls_negotiated()
            h.pwrite(b'secret!!' * 131072, 4096)
            assert h.pread(1 << 20, 4096) == b'secret!!' * 131072
            h.shutdown()
            """);
    }

    [Fact]
    public async Task Where_tls_is_required_a_plain_client_is_turned_away()
    {
        await using TestServer server = new(new NbdServerOptions { Tls = TestCertificate.Tls, RequireTls = true });

        await PythonNbd.RunAsync(server.Uri.Replace("nbds", "nbd", StringComparison.Ordinal), """
            try:
                h.connect_uri(uri)
            except nbd.Error as e:
                pass
            else:
                assert False, "was let in"
            """);
    }
}
