using RemoteSwap.Client.Messages;
using RemoteSwap.Client.Sealing;
using RemoteSwap.Codec;

namespace RemoteSwap.Client.Tests.Sealing;

/// <summary>
/// Lives of clients of one area, and what passes through a server that has no key: pages are sealed by any life and
/// opened by any other, changed in every way in between, and what would show that a nonce was used twice is looked
/// for. A violation throws.
/// </summary>
internal sealed class SealRun : IDisposable
{
    private const string Tenant = "vm7";
    private const uint Area = 3;
    private const int MostLives = 8;
    private const int SaltOffset = 2;

    private readonly SealFolder _folder = new();
    private readonly Random _random;
    private readonly List<(AreaName Name, GenerationCounter Generations)> _lives = [];
    private readonly List<AreaSealer> _sealers = [];
    private readonly List<Sealed> _pages = [];
    private readonly HashSet<string> _nonces = [];
    private readonly HashSet<string> _probes = [];
    private readonly AreaName _otherArea;

    public SealRun(int seed)
    {
        _random = new Random(seed);
        if (seed % 3 == 0)
        {
            _folder.Options = _folder.Options with { Fill = SealFill.Clear };
        }

        Begin();
        _otherArea = NameOf(Area + 1);
    }

    /// <summary>Pages that were opened.</summary>
    public int Opened { get; private set; }

    /// <summary>Does something.</summary>
    public void Step()
    {
        switch (_random.Next(12))
        {
            case 0 when _lives.Count < MostLives:
                Begin();
                break;
            case 1 when _random.Next(4) == 0:
                using (KeyRing ring = _folder.Ring(Tenant, Area))
                {
                    ring.Rotate();
                }

                // Who has opened the ring before does not know the new key.
                _lives.Clear();
                Begin();
                break;
            case < 6:
                Seal();
                break;
            case < 8:
                Open(Any(_pages));
                break;
            default:
                Attack(Any(_pages));
                break;
        }
    }

    public void Dispose()
    {
        _sealers.ForEach(sealer => sealer.Dispose());
        _folder.Dispose();
    }

    // A process that was started again, or resumes, or takes over: the clock stands still, and so do generations.
    private void Begin()
    {
        AreaName name = NameOf(Area);
        _lives.Add((name, new GenerationCounter(new StoppedTime())));

        // What one life has sealed with a generation, no other seals to the same bytes.
        byte[] probe = Seal(_lives[^1], slot: 1, new byte[PageSize.Bytes].Select((_, i) => (byte)(i * i)).ToArray());
        Require(_probes.Add(Convert.ToHexString(probe.AsSpan(0, 16))), "two lives seal a page to the same bytes");
        if (_lives.Count > MostLives)
        {
            _lives.RemoveAt(0);
        }
    }

    private AreaName NameOf(uint area)
    {
        // All with the keys of one area, so that nothing but what is derived from them tells areas apart.
        AreaSealer sealer = new(_folder.Ring(Tenant, Area), Tenant, area, _folder.Options.Fill);
        _sealers.Add(sealer);
        return new AreaName(Tenant, area, seal: sealer);
    }

    private void Seal() => Seal(Any(_lives), (ulong)_random.Next(6), Page());

    private byte[] Seal((AreaName Name, GenerationCounter Generations) life, ulong slot, byte[] page)
    {
        byte[] room = new byte[ZpageLimits.MaxBytes];
        ulong generation = life.Generations.Take(1);
        ZpageIdentity identity = PageForm.Encode(life.Name, slot, generation, page, room);
        byte[] zpage = room[..identity.Size];
        if (identity.Encoding == ZpageEncoding.Sealed)
        {
            string salt = Convert.ToHexString(zpage.AsSpan(zpage.Length - ZpageLimits.SealBytes, 14));
            Require(_nonces.Add($"{salt} {generation}"), $"generation {generation} was sealed twice by one life");
            Require(
                zpage.AsSpan(zpage.Length - ZpageLimits.SealBytes + SaltOffset, 12).ContainsAnyExcept((byte)0),
                "a life has drawn no salt");
        }

        Require(
            identity.Encoding == ZpageEncoding.Sealed
                || (identity.Encoding == ZpageEncoding.Fill && _folder.Options.Fill == SealFill.Clear),
            $"a page travels as {identity.Encoding}");
        _pages.Add(new Sealed(slot, generation, zpage, identity, page));
        return zpage;
    }

    private void Open(Sealed sent)
    {
        byte[] page = new byte[PageSize.Bytes];
        Require(
            PageForm.TryDecode(
                Any(_lives).Name.Seal, Area, sent.Slot, sent.Generation, sent.Zpage, sent.Identity, page),
            "a page does not open");
        Require(page.AsSpan().SequenceEqual(sent.Page), "another page opens");
        Opened++;
    }

    private void Attack(Sealed sent)
    {
        Sealed other = Any(_pages);
        AreaSealer? sealer = Any(_lives).Name.Seal;
        byte[] zpage = [.. sent.Zpage];
        ZpageIdentity identity = sent.Identity;
        (ulong slot, ulong generation) = (sent.Slot, sent.Generation);
        switch (_random.Next(9))
        {
            case 0 or 1:
                zpage[_random.Next(zpage.Length)] ^= (byte)(1 << _random.Next(8));
                break;
            case 2:
                int back = 1 + _random.Next(Math.Min(ZpageLimits.SealBytes, zpage.Length));
                zpage[^back] ^= (byte)(1 << _random.Next(8));
                break;
            case 3:
                identity = identity with { PageChecksum = identity.PageChecksum ^ (1u << _random.Next(32)) };
                break;
            case 4:
                slot ^= 1UL << _random.Next(40);
                break;
            case 5:
                generation += _random.Next(2) == 0 ? 1UL : ulong.MaxValue;
                break;
            case 6 when other.Generation != sent.Generation || other.Slot != sent.Slot:
                (zpage, identity) = (other.Zpage, other.Identity);
                break;
            case 7:
                sealer = _otherArea.Seal;
                break;
            default:
                // Anybody can make a page that is not sealed, with checksums that fit.
                byte[] page = Page();
                zpage = new byte[PageSize.Bytes];
                identity = PageForm.Encode(new AreaName(Tenant, Area), slot, generation, page, zpage);
                zpage = zpage[..identity.Size];
                break;
        }

        identity = identity with { ZpageChecksum = PageChecksum.OfZpage(zpage) };
        bool isOpen = PageForm.TryDecode(
            sealer, Area, slot, generation, zpage, in identity, new byte[PageSize.Bytes]);
        Require(!isOpen, "a page opens that nobody has sealed so");
    }

    private byte[] Page()
    {
        byte[] page = new byte[PageSize.Bytes];
        switch (_random.Next(3))
        {
            case 0:
                SameFilledPage.Fill(page, (ulong)_random.NextInt64());
                break;
            case 1:
                _random.NextBytes(page);
                break;
            default:
                _random.NextBytes(page.AsSpan(0, _random.Next(1, 3000)));
                break;
        }

        return page;
    }

    private T Any<T>(List<T> all) => all[_random.Next(all.Count)];

    private static void Require(bool holds, string violation)
    {
        if (!holds)
        {
            throw new InvalidOperationException(violation);
        }
    }

    private sealed record Sealed(
        ulong Slot, ulong Generation, byte[] Zpage, ZpageIdentity Identity, byte[] Page);
}
