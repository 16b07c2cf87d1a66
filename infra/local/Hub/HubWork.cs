namespace Proofgate.Local.Hub;

/// <summary>Messages that have been taken and not answered: closing waits for them, so that no client is left without knowing.</summary>
internal sealed class HubWork
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running;
    private bool _closing;

    /// <summary>False once the broker is closing.</summary>
    internal bool TryBegin()
    {
        lock (_lock)
        {
            if (_closing)
                return false;
            _running++;
            return true;
        }
    }

    internal void End()
    {
        lock (_lock)
        {
            if (--_running == 0 && _closing)
                _done.TrySetResult();
        }
    }

    /// <summary>Takes no more, and completes when what was taken is answered.</summary>
    internal Task CloseAsync()
    {
        lock (_lock)
        {
            _closing = true;
            if (_running == 0)
                _done.TrySetResult();
        }

        return _done.Task;
    }
}
