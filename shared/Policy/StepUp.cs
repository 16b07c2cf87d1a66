using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Proofgate.Policy;

/// <summary>What a stronger sign-in would have to bring so that a call is allowed (RFC 9470, 3): the meaning of <c>@stepup</c> on a forbid.</summary>
/// <param name="Acr">Authentication context class reference; null: any.</param>
/// <param name="MaxAge">Longest time since the sign-in; null: any.</param>
public sealed record StepUp(string? Acr, TimeSpan? MaxAge)
{
    private const string Age = "max_age=";
    private const int MaxLength = 200;

    /// <summary>What may stand in a quoted string of a header as it is, and in a list of values that spaces divide.</summary>
    private static readonly SearchValues<char> Characters = SearchValues.Create(
        [.. Enumerable.Range(0x21, 0x7E - 0x20).Select(static c => (char)c).Where(static c => c is not ('"' or '\\'))]);

    /// <summary>Reads <c>@stepup("acr")</c> or <c>@stepup("max_age=seconds")</c>.</summary>
    internal static bool TryParse(string text, [NotNullWhen(true)] out StepUp? stepUp)
    {
        stepUp = null;
        if (text.Length is 0 or > MaxLength || text.AsSpan().ContainsAnyExcept(Characters))
        {
            return false;
        }

        if (!text.StartsWith(Age, StringComparison.Ordinal))
        {
            stepUp = new StepUp(text, null);
        }
        else if (int.TryParse(text.AsSpan(Age.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > 0)
        {
            stepUp = new StepUp(null, TimeSpan.FromSeconds(seconds));
        }

        return stepUp is not null;
    }

    /// <summary>Both at once; null if they ask for different classes, which no sign-in can bring.</summary>
    internal static StepUp? Both(StepUp one, StepUp other)
    {
        if (one.Acr is not null && other.Acr is not null && one.Acr != other.Acr)
        {
            return null;
        }

        return new StepUp(one.Acr ?? other.Acr, one.MaxAge is { } age && (other.MaxAge is null || age < other.MaxAge) ? age : other.MaxAge);
    }
}
