namespace Proofgate.Http.Bodies;

/// <summary>Counts the memory of request bodies that are open: in all, and of each key, so that nobody can fill the instance by sending slowly.</summary>
internal sealed class OpenBodies(long most, long mostPerKey)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _keys = new(StringComparer.Ordinal);
    private long _all;

    internal long Bytes
    {
        get
        {
            lock (_lock)
            {
                return _all;
            }
        }
    }

    /// <returns>Null if the bytes are taken, else the refusal.</returns>
    internal BodyFault? Take(string key, int bytes)
    {
        lock (_lock)
        {
            var mine = _keys.GetValueOrDefault(key) + bytes;
            if (mine > mostPerKey)
            {
                return new BodyFault(429, "too_many_open_bytes", "This credential's open requests are too large together. Try again when one has ended.");
            }

            if (_all + bytes > most)
            {
                return new BodyFault(503, "overloaded", "The gateway is at its limit of open requests. Try again shortly.");
            }

            _keys[key] = mine;
            _all += bytes;
            return null;
        }
    }

    internal void Return(string key, int bytes)
    {
        lock (_lock)
        {
            _all -= bytes;
            if ((_keys[key] -= bytes) == 0)
            {
                _keys.Remove(key);
            }
        }
    }
}
