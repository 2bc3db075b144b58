using RemoteSwap.Simulation.World;

namespace RemoteSwap.Simulation.Network;

/// <summary>One direction of one stream: what is put in comes out later, in its order.</summary>
internal sealed class OrderedPath(SimScheduler scheduler, SimLink link, bool toServer)
{
    private readonly Queue<Action> _underWay = new();
    private bool _isMoving;
    private bool _isClosed;

    /// <summary>Sends something.</summary>
    public void Send(Action arrive)
    {
        if (!_isClosed)
        {
            _underWay.Enqueue(arrive);
            Move();
        }
    }

    /// <summary>Nothing that is under way arrives any more.</summary>
    public void Drop()
    {
        _isClosed = true;
        _underWay.Clear();
    }

    private void Move()
    {
        if (_isMoving || _underWay.Count == 0)
        {
            return;
        }

        _isMoving = true;
        scheduler.At(link.Latency(), () => link.WhenOpen(toServer, Arrive));
    }

    private void Arrive()
    {
        _isMoving = false;
        if (_underWay.TryDequeue(out Action? arrive))
        {
            arrive();
        }

        Move();
    }
}
