using System.Globalization;
using Proofgate.Identity;

namespace Proofgate.Enforcement.Provenance;

/// <summary>
/// Tells one caller from every other, whatever stands in the fields: each has its length before it. A subject is one of its issuer's, and a person has not what an
/// application of the same name has.
/// </summary>
internal static class CallerName
{
    internal static string Of(Caller caller) => string.Concat(
        Part(caller.Tenant), Part(caller.Issuer ?? string.Empty), Part(caller.Kind.ToString()), Part(caller.Subject), Part(caller.Client));

    private static string Part(string text) => string.Create(CultureInfo.InvariantCulture, $"{text.Length}\n{text}\n");
}
