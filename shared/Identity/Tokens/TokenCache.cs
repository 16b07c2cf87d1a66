using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;

namespace Proofgate.Identity.Tokens;

/// <summary>
/// Genuine tokens that this instance has seen, in two generations: when the young one is full it becomes the old one. Failures are never kept, so
/// that nobody without a genuine token can push one out. Whether an entry still holds is for <see cref="TokenHandler"/> to say, on every use.
/// </summary>
internal sealed class TokenCache(IOptions<IdentityOptions> options)
{
    private readonly int _half = Math.Max(1, options.Value.CachedTokens / 2);
    private readonly Lock _writing = new();
    private volatile ConcurrentDictionary<TokenDigest, VerifiedToken> _young = new();
    private volatile ConcurrentDictionary<TokenDigest, VerifiedToken> _old = new();
    private int _youngCount;

    internal int Count => _young.Count + _old.Count;

    internal bool TryGet(TokenDigest digest, [NotNullWhen(true)] out VerifiedToken? token)
    {
        if (_young.TryGetValue(digest, out token))
        {
            return true;
        }

        if (_old.TryGetValue(digest, out token))
        {
            Set(digest, token);
            return true;
        }

        return false;
    }

    internal void Set(TokenDigest digest, VerifiedToken token)
    {
        lock (_writing)
        {
            if (!_young.TryAdd(digest, token))
            {
                _young[digest] = token;
            }
            else if (++_youngCount >= _half)
            {
                _old = _young;
                _young = new ConcurrentDictionary<TokenDigest, VerifiedToken>();
                _youngCount = 0;
            }
        }
    }

    internal void Remove(TokenDigest digest)
    {
        lock (_writing)
        {
            _old.TryRemove(digest, out _);
            if (_young.TryRemove(digest, out _))
            {
                _youngCount--;
            }
        }
    }
}
