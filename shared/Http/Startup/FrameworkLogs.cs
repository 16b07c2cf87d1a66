using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Proofgate.Http.Startup;

/// <summary>
/// Keeps the web framework from quoting requests in the log, whatever level the operator sets: below a warning it writes query strings, paths,
/// methods and the lines of requests that it cannot read. Our own lines say what was done, without content.
/// </summary>
internal sealed class FrameworkLogs : IPostConfigureOptions<LoggerFilterOptions>
{
    private static readonly string[] Quoting = ["Microsoft.AspNetCore", "System.Net.Http"];

    public void PostConfigure(string? name, LoggerFilterOptions options)
    {
        var rules = options.Rules.ToList();
        options.Rules.Clear();
        // First, and thus the last to be asked: where no other rule speaks of a category.
        options.Rules.Add(new LoggerFilterRule(null, null, options.MinLevel, static (_, category, level) => Allows(category, level)));
        foreach (var rule in rules)
        {
            options.Rules.Add(new LoggerFilterRule(
                rule.ProviderName, rule.CategoryName, rule.LogLevel,
                (provider, category, level) => Allows(category, level) && (rule.Filter?.Invoke(provider, category, level) ?? true)));
        }
    }

    private static bool Allows(string? category, LogLevel level) =>
        level >= LogLevel.Warning || category is null || !Quoting.Any(q => category.StartsWith(q, StringComparison.Ordinal));
}
