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
            "ipv6" => Ipv6.IsValid,
            "date" => CalendarDate.IsValid,
            "github-token" => GitHubToken.IsValid,
            "secret" => Secret.IsValid,
            "token" => Secret.IsRandom,
            "base58check" => Base58Check.IsValid,
            "bech32" => Bech32.IsValid,
            "nl-bsn" => NationalIds.IsDutchBsn,
            "uk-nhs" => NationalIds.IsBritishNhs,
            "uk-nino" => NationalIds.IsBritishNino,
            "ca-sin" => NationalIds.IsCanadianSin,
            "in-aadhaar" => NationalIds.IsIndianAadhaar,
            "pl-pesel" => NationalIds.IsPolishPesel,
            "br-cpf" => NationalIds.IsBrazilianCpf,
            "de-tax-id" => NationalIds.IsGermanTaxId,
            "fr-nir" => NationalIds.IsFrenchNir,
            "es-dni" => NationalIds.IsSpanishDni,
            "it-cf" => NationalIds.IsItalianFiscalCode,
            "se-personnummer" => NationalIds.IsSwedishPersonalNumber,
            "fi-hetu" => NationalIds.IsFinnishHetu,
            "be-rrn" => NationalIds.IsBelgianRegisterNumber,
            "ch-ahv" => NationalIds.IsSwissAhv,
            "au-tfn" => NationalIds.IsAustralianTfn,
            "cn-id" => NationalIds.IsChineseResidentId,
            _ => null,
        };
        return validator is not null;
    }
}
