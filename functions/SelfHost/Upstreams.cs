namespace Proofgate.SelfHost;

/// <summary>Turns the environment variables that people have already into upstream settings of the sample bundle.</summary>
internal static class Upstreams
{
    /// <returns>Settings, and whether any provider is configured.</returns>
    internal static (Dictionary<string, string?> Settings, bool Any) FromEnvironment(IConfiguration configuration)
    {
        var settings = new Dictionary<string, string?>();
        if (configuration["OPENAI_API_KEY"] is { Length: > 0 } openAi)
        {
            Add("openai", configuration["OPENAI_BASE_URL"] ?? "https://api.openai.com/v1", openAi);
        }

        if (configuration["AZURE_OPENAI_ENDPOINT"] is { Length: > 0 } azure && configuration["AZURE_OPENAI_API_KEY"] is { Length: > 0 } azureKey)
        {
            Add("azure", azure.TrimEnd('/') + "/openai/v1", azureKey);
        }

        if (configuration["OLLAMA_HOST"] is { Length: > 0 } ollama)
        {
            Add("ollama", (ollama.Contains("://", StringComparison.Ordinal) ? ollama : "http://" + ollama).TrimEnd('/') + "/v1", null);
        }

        var named = configuration.GetSection("Proofgate:Upstreams").GetChildren().Any(static u => u["Endpoint"] is not null || u["Secret"] is not null);
        var any = named || settings.Count > 0;

        // Beside the others: it does not serve the models that the sample model serves.
        if (configuration["ANTHROPIC_API_KEY"] is { Length: > 0 } anthropic)
        {
            Add("anthropic", (configuration["ANTHROPIC_BASE_URL"] ?? "https://api.anthropic.com").TrimEnd('/') + "/v1", anthropic);
        }

        return (settings, any);

        void Add(string name, string endpoint, string? secret)
        {
            settings[$"Proofgate:Upstreams:{name}:Endpoint"] = endpoint;
            if (secret is not null && Uri.TryCreate(endpoint, UriKind.Absolute, out var address))
            {
                settings[$"Proofgate:Upstreams:{name}:Secret"] = secret;
                settings[$"Proofgate:Upstreams:{name}:Hosts:0"] = address.IdnHost;
            }
        }
    }
}
