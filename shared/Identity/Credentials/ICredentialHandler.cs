namespace Proofgate.Identity.Credentials;

/// <summary>One kind of credential. It says whose the credential is; <see cref="Possession"/> sees to what it is bound to.</summary>
internal interface ICredentialHandler
{
    /// <summary>Whether the credential is of this kind, by its form alone. At most one handler says so.</summary>
    bool Accepts(in Credential credential);

    ValueTask<CredentialCheck> CheckAsync(in Credential credential, CancellationToken cancellationToken);
}
