using System.CommandLine.Parsing;
using System.Globalization;

namespace Proofgate.Cli.Commands;

/// <summary>A length of time as people write it: <c>90m</c>, <c>24h</c>, <c>7d</c>.</summary>
internal static class Duration
{
    internal const string Form = "a number and m, h or d, such as 24h or 7d";

    internal static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        if (text.Length < 2 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > 100_000)
        {
            return false;
        }

        duration = text[^1] switch
        {
            'm' => TimeSpan.FromMinutes(number),
            'h' => TimeSpan.FromHours(number),
            'd' => TimeSpan.FromDays(number),
            _ => TimeSpan.MinValue,
        };
        return duration >= TimeSpan.Zero;
    }

    internal static void Check(OptionResult result)
    {
        if (result.Tokens is [{ Value: var text }] && !TryParse(text, out _))
        {
            result.AddError($"{result.Option.Name} takes {Form}");
        }
    }

    internal static TimeSpan? Of(string? text) => text is not null && TryParse(text, out var duration) ? duration : null;
}
