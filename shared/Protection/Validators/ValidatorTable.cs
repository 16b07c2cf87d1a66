using System.Diagnostics.CodeAnalysis;

namespace Proofgate.Protection.Validators;

/// <summary>The validators that rules can name.</summary>
internal static class ValidatorTable
{
    internal static bool TryGet(string name, [NotNullWhen(true)] out Validator? validator)
    {
        validator = name switch
        {
            "payment-card" => PaymentCard.IsValid,
            "iban" => Iban.IsValid,
            "us-ssn" => UsSsn.IsValid,
            _ => null,
        };
        return validator is not null;
    }
}
