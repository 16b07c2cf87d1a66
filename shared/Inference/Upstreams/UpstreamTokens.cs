using System.Collections.Concurrent;
using Azure.Core;

namespace Proofgate.Inference.Upstreams;

/// <summary>
/// Tokens of this process's own identity in Azure, one for each scope: kept until shortly before they expire, asked for once however many calls wait, never logged. Who
/// the identity is comes from the host as a <see cref="TokenCredential"/>; without one no upstream of managed identity can be used.
/// </summary>
internal sealed class UpstreamTokens(TimeProvider time, Lazy<TokenCredential>? credential = null)
{
    /// <summary>Time before its end at which a token is replaced; the old one is used meanwhile.</summary>
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(5);

    /// <summary>Time before its end from which it is not sent any more: it would expire on its way.</summary>
    private static readonly TimeSpan Last = TimeSpan.FromSeconds(30);

    /// <summary>After a failure the identity is left alone, while the token that is held still serves.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, Held> _held = new(StringComparer.Ordinal);

    internal bool Available => credential is not null;

    /// <exception cref="UpstreamException">There is none to be had.</exception>
    internal async ValueTask<string> GetAsync(string upstream, string scope, CancellationToken cancellationToken)
    {
        var held = _held.GetOrAdd(scope, static _ => new Held());
        var now = time.GetUtcNow();
        if (held.Token is { } fresh && now < fresh.Renew)
        {
            return fresh.Value;
        }

        var asked = held.Ask(() => AskAsync(scope, held));
        if (held.Token is { } old && now < old.Until)
        {
            return old.Value;
        }

        try
        {
            return await asked.WaitAsync(cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // What went wrong can quote the identity's own addresses: it is for no caller.
            throw new UpstreamException($"No token could be had for the upstream '{upstream}'.", timedOut: false, e);
        }
    }

    /// <summary>On its own time: calls that leave do not take it from those that wait too.</summary>
    private async Task<string> AskAsync(string scope, Held held)
    {
        try
        {
            using var patience = new CancellationTokenSource(Longest, time);
            var got = await credential!.Value.GetTokenAsync(new TokenRequestContext([scope]), patience.Token);
            var renew = got.RefreshOn is { } on && on < got.ExpiresOn - Last ? on : got.ExpiresOn - Early;
            held.Token = new Token(got.Token, renew, got.ExpiresOn - Last);
            return got.Token;
        }
        catch when (held.Token is { } old)
        {
            held.Token = old with { Renew = time.GetUtcNow() + Pause };
            throw;
        }
    }

    private sealed record Token(string Value, DateTimeOffset Renew, DateTimeOffset Until)
    {
        public override string ToString() => "[token]";
    }

    private sealed class Held
    {
        private readonly Lock _lock = new();
        private Task<string>? _asking;

        internal volatile Token? Token;

        internal Task<string> Ask(Func<Task<string>> ask)
        {
            lock (_lock)
            {
                return _asking is { IsCompleted: false } ? _asking : _asking = ask();
            }
        }
    }
}
