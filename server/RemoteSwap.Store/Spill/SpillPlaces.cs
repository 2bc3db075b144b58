using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// Which places of a writeback target are in use, and by how many: four bytes a place. Lowest places first, so that
/// images written together lie together.
/// <para>Locks: <c>_gate</c> guards everything; rank 3, a leaf lock.</para>
/// </summary>
internal sealed class SpillPlaces
{
    private const int InitialPlaces = 1024;

    private readonly Lock _gate = new();
    private readonly FirstFitMap _free;
    private int[] _users;
    private int _used;

    public SpillPlaces(int places)
    {
        Places = places;
        _free = new FirstFitMap(Math.Min(places, InitialPlaces), places);
        _users = new int[Math.Min(places, InitialPlaces)];
    }

    /// <summary>How many places there are.</summary>
    public int Places { get; }

    /// <summary>Places in use.</summary>
    public int Used => Volatile.Read(ref _used);

    public bool TryReserve(out SpillPlace place)
    {
        lock (_gate)
        {
            if (!_free.TryTake(out int number))
            {
                place = default;
                return false;
            }

            place = new SpillPlace((uint)number);
            Use(number);
            return true;
        }
    }

    /// <summary>Reserves a certain place.</summary>
    /// <returns>Whether there is such a place and it was free.</returns>
    public bool TryReserve(SpillPlace place)
    {
        lock (_gate)
        {
            if (place.Value >= (uint)Places)
            {
                return false;
            }

            int number = (int)place.Value;
            _free.Prepare(number);
            if (!_free.IsFree(number))
            {
                return false;
            }

            _free.Take(number);
            Use(number);
            return true;
        }
    }

    public void AddUser(SpillPlace place)
    {
        lock (_gate)
        {
            ref int users = ref _users[place.Value];
            Invariant.That(users is > 0 and < int.MaxValue, "a place that gets a user has one", place.Value);
            users++;
        }
    }

    public void DropUser(SpillPlace place)
    {
        lock (_gate)
        {
            ref int users = ref _users[place.Value];
            Invariant.That(users > 0, "a place counts its users", place.Value);
            if (--users == 0)
            {
                _free.Give((int)place.Value);
                _used--;
            }
        }
    }

    /// <summary>Tells how many users each place of a run has; see <see cref="IWritebackTarget"/>.</summary>
    public void ReadUsers(SpillPlace first, Span<byte> users)
    {
        lock (_gate)
        {
            for (int place = 0; place < users.Length; place++)
            {
                long number = (long)first.Value + place;
                users[place] = number < _users.Length ? (byte)Math.Min(_users[number], byte.MaxValue) : (byte)0;
            }
        }
    }

    private void Use(int number)
    {
        while (number >= _users.Length)
        {
            Array.Resize(ref _users, (int)Math.Min(Places, (long)_users.Length * 2));
        }

        _users[number] = 1;
        _used++;
    }
}
