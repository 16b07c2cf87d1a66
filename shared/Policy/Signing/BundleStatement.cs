using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Proofgate.Policy.Signing;

/// <summary>What an author signs: these files, to follow that bundle.</summary>
/// <param name="Digest">SHA-256 of the files, as <see cref="PolicyBundle.Digest"/>.</param>
/// <param name="Previous">Digest of the bundle that it was made to replace; null: the first one. It can be activated after no other.</param>
/// <param name="Author">Name of the author's key.</param>
/// <param name="Created">When it was signed.</param>
public sealed record BundleStatement(string Digest, string? Previous, string Author, DateTimeOffset Created)
{
    internal const string Type = "application/vnd.proofgate.policy-bundle.v1";

    public ValueTask<SignedStatement> SignAsync(IPolicySigner signer, CancellationToken cancellationToken) =>
        SignedStatement.SignAsync(Type, JsonSerializer.SerializeToUtf8Bytes(this, StatementJson.Default.BundleStatement), signer, cancellationToken);

    /// <summary>What a statement says; whether its key may say so is for the caller to ask.</summary>
    internal static bool TryRead(SignedStatement signed, [NotNullWhen(true)] out BundleStatement? statement)
    {
        statement = null;
        if (signed.Type != Type)
        {
            return false;
        }

        try
        {
            statement = JsonSerializer.Deserialize(signed.Payload.Span, StatementJson.Default.BundleStatement);
        }
        catch (JsonException)
        {
            return false;
        }

        return statement is not null && Digests.Is(statement.Digest) && (statement.Previous is null || Digests.Is(statement.Previous))
            && statement.Author == signed.Key;
    }
}
