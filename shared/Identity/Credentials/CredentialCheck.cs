namespace Proofgate.Identity.Credentials;

/// <summary>What a credential says, before possession of the key that it may be bound to is proved.</summary>
internal abstract record CredentialCheck
{
    private CredentialCheck()
    {
    }

    public static implicit operator CredentialCheck(AuthenticationResult.Refused refusal) => new Refused(refusal);

    /// <param name="Caller">Without an address, and not <see cref="Caller.Bound"/> yet.</param>
    /// <param name="Binding">Null: whoever has the credential may use it.</param>
    internal sealed record Genuine(Caller Caller, Binding? Binding) : CredentialCheck;

    internal sealed record Refused(AuthenticationResult.Refused Refusal) : CredentialCheck;
}
