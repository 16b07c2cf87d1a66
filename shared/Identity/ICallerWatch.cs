namespace Proofgate.Identity;

/// <summary>One stream's view of its caller's credential.</summary>
public interface ICallerWatch : IDisposable
{
    /// <summary>Fires once, when the stream must end.</summary>
    CancellationToken Ended { get; }

    /// <summary>Why; null until <see cref="Ended"/> has fired.</summary>
    CredentialEnd? Cause { get; }
}
