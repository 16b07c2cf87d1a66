namespace Proofgate.Inference.Dialects.Anthropic;

/// <summary>What Anthropic's clients say in headers. A beta that is not listed is refused, not left out: its user would get another answer than was asked for.</summary>
internal static class AnthropicHeaders
{
    /// <summary>Where a client names none.</summary>
    internal const string DefaultVersion = "2023-06-01";

    private const int MaxBetas = 16;

    /// <summary>They differ in what a request may have; events and messages look the same in both.</summary>
    private static readonly string[] Versions = [DefaultVersion, "2026-10-21"];

    /// <summary>
    /// Betas by their names without the date. None of them keeps anything at the provider, brings another model in, or hides a tool outside of <c>tools</c>;
    /// those of tools that the provider runs do nothing without the tool, which policy is asked for.
    /// </summary>
    private static readonly HashSet<string> Families = new(StringComparer.Ordinal)
    {
        "advanced-tool-use", "code-execution", "compact", "computer-use", "context-1m", "context-management", "dev-full-thinking", "effort", "extended-cache-ttl",
        "fine-grained-tool-streaming", "interleaved-thinking", "mcp-client", "mid-conversation-output-config", "mid-conversation-system",
        "model-context-window-exceeded", "output-128k", "output-300k", "pdfs", "prompt-caching", "search-results", "structured-outputs", "task-budgets",
        "thinking-binding-controls", "thinking-display-updates", "thinking-token-count", "token-efficient-tools", "token-counting", "web-fetch", "web-search",
    };

    /// <summary>The refusal of what is not served; null if all of it is.</summary>
    internal static DialectRead.Rejected? Check(RequestOrigin origin)
    {
        if (origin.Version is { } version && !Versions.Contains(version))
        {
            return JsonBody.Reject("unsupported_version", $"'anthropic-version' must be one of {string.Join(", ", Versions)}.", "anthropic-version");
        }

        return origin.Betas.Count > MaxBetas || !origin.Betas.All(IsListed)
            ? JsonBody.Reject("unsupported_beta", $"'anthropic-beta' may name {MaxBetas} of these, each with its date: {string.Join(", ", Families.Order())}.", "anthropic-beta")
            : null;
    }

    private static bool IsListed(string beta) =>
        beta.Length > 11 && beta[^11] == '-' && DateOnly.TryParseExact(beta.AsSpan(beta.Length - 10), "yyyy-MM-dd", out _) && Families.Contains(beta[..^11]);
}
