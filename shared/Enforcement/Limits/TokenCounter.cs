namespace Proofgate.Enforcement.Limits;

/// <summary>Tokens that one key has used or reserved on one day.</summary>
internal sealed class TokenCounter
{
    private long _used;

    internal bool TryAdd(long tokens, long limit)
    {
        if (Interlocked.Add(ref _used, tokens) <= limit)
        {
            return true;
        }

        Interlocked.Add(ref _used, -tokens);
        return false;
    }

    internal void Add(long difference) => Interlocked.Add(ref _used, difference);
}
