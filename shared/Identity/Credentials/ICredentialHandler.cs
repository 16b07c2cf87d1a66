namespace Proofgate.Identity.Credentials;

/// <summary>One kind of credential.</summary>
internal interface ICredentialHandler
{
    /// <summary>Whether the credential is of this kind, by its form alone. At most one handler says so.</summary>
    bool Accepts(in Credential credential);

    ValueTask<AuthenticationResult> AuthenticateAsync(in Credential credential, CancellationToken cancellationToken);
}
