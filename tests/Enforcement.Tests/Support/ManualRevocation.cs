using Proofgate.Identity;

namespace Proofgate.Tests.Support;

/// <summary>Revokes all callers when told.</summary>
internal sealed class ManualRevocation : IRevocationSignal, IDisposable
{
    private readonly CancellationTokenSource _revoked = new();

    /// <summary>Watches that were not disposed yet.</summary>
    internal int Open { get; private set; }

    internal void Revoke() => _revoked.Cancel();

    public ICallerWatch Watch(Caller caller)
    {
        Open++;
        return new Watched(this);
    }

    public void Dispose() => _revoked.Dispose();

    private sealed class Watched(ManualRevocation owner) : ICallerWatch
    {
        public CancellationToken Ended { get; } = owner._revoked.Token;

        public CredentialEnd? Cause => Ended.IsCancellationRequested ? CredentialEnd.Revoked : null;

        public void Dispose() => owner.Open--;
    }
}
