using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Proofgate.Policy.Signing;

/// <summary>What an approver, or a host for who may manage policy, signs: from this number on, that bundle decides.</summary>
/// <param name="Act"><see cref="Activate"/> or <see cref="RollBack"/>.</param>
/// <param name="Sequence">1, 2, 3 ...: one record can have each number, and an instance never takes a lower one.</param>
/// <param name="Digest">The bundle that decides.</param>
/// <param name="Previous">The one that decided before; null: none.</param>
/// <param name="By">Name of the key that signs this.</param>
/// <param name="Time">When it was signed.</param>
public sealed record ActivationStatement(string Act, long Sequence, string Digest, string? Previous, string By, DateTimeOffset Time)
{
    public const string Activate = "activate";

    public const string RollBack = "rollback";

    internal const string Type = "application/vnd.proofgate.policy-activation.v1";

    public ValueTask<SignedStatement> SignAsync(IPolicySigner signer, CancellationToken cancellationToken) =>
        SignedStatement.SignAsync(Type, JsonSerializer.SerializeToUtf8Bytes(this, StatementJson.Default.ActivationStatement), signer, cancellationToken);

    /// <summary>What a statement says; whether its key may say so is for the caller to ask.</summary>
    internal static bool TryRead(SignedStatement signed, [NotNullWhen(true)] out ActivationStatement? statement)
    {
        statement = null;
        if (signed.Type != Type)
        {
            return false;
        }

        try
        {
            statement = JsonSerializer.Deserialize(signed.Payload.Span, StatementJson.Default.ActivationStatement);
        }
        catch (JsonException)
        {
            return false;
        }

        return statement is { Act: Activate or RollBack, Sequence: > 0 } && Digests.Is(statement.Digest)
            && (statement.Previous is null || Digests.Is(statement.Previous)) && statement.By == signed.Key;
    }
}
