namespace Proofgate.Http.Tests.Support;

/// <summary>A good request for every controlled route. A route that is new here needs one, and with it every control is asked of it.</summary>
internal static class Samples
{
    internal const string Chat = """{"model":"assistant","messages":[{"role":"user","content":"hi"}]}""";

    internal const string StreamedChat = """{"model":"assistant","stream":true,"messages":[{"role":"user","content":"hi"}]}""";

    internal const string Message = """{"model":"claude","max_tokens":16,"messages":[{"role":"user","content":"hi"}]}""";

    internal const string StreamedMessage = """{"model":"claude","max_tokens":16,"stream":true,"messages":[{"role":"user","content":"hi"}]}""";

    internal const string Embedding = """{"model":"embeddings","input":["hi","there"]}""";

    internal const string Response = """{"model":"assistant","input":"hi"}""";

    internal const string StreamedResponse = """{"model":"assistant","input":"hi","stream":true}""";

    internal const string ToolCall = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"datasets__echo","arguments":{"text":"hi"}}}""";

    internal const string Reading = """{"jsonrpc":"2.0","id":"a","method":"resources/read","params":{"uri":"test://static-text"}}""";

    internal const string NewKey = """{"name":"n","owner":"o","roles":["developer"]}""";

    internal const string NewDenial = """{"kind":"subject","value":"mallory","reason":"left"}""";

    internal const string NoBundle = """{"bundle":"AAAA"}""";

    /// <summary>Role that may use the route, path, body; several where the route has several ways through.</summary>
    internal static IEnumerable<Sample> Of(Route route, string method) => (route.Name, method) switch
    {
        (nameof(Routes.ChatCompletions), "POST") =>
        [
            new("developer", "/v1/chat/completions", Chat), new("developer", "/v1/chat/completions", StreamedChat),
        ],
        (nameof(Routes.Responses), "POST") => [new("developer", "/v1/responses", Response), new("developer", "/v1/responses", StreamedResponse)],
        (nameof(Routes.AzureResponses), "POST") => [new("developer", "/openai/v1/responses", Response), new("developer", "/openai/v1/responses", StreamedResponse)],
        (nameof(Routes.VersionedResponses), "POST") =>
        [
            new("developer", "/openai/responses?api-version=2025-04-01-preview", Response), new("developer", "/openai/responses?api-version=2025-04-01-preview", StreamedResponse),
        ],
        (nameof(Routes.Embeddings), "POST") => [new("developer", "/v1/embeddings", Embedding)],
        (nameof(Routes.DeploymentChat), "POST") =>
        [
            new("developer", "/openai/deployments/assistant/chat/completions?api-version=2024-10-21", Chat),
            new("developer", "/openai/deployments/assistant/chat/completions?api-version=2024-10-21", StreamedChat),
        ],
        (nameof(Routes.DeploymentEmbeddings), "POST") => [new("developer", "/openai/deployments/embeddings/embeddings?api-version=2024-10-21", Embedding)],
        (nameof(Routes.AzureChat), "POST") =>
        [
            new("developer", "/openai/v1/chat/completions", Chat), new("developer", "/openai/v1/chat/completions", StreamedChat),
        ],
        (nameof(Routes.AzureEmbeddings), "POST") => [new("developer", "/openai/v1/embeddings", Embedding)],
        (nameof(Routes.AzureModels), "GET") => [new("developer", "/openai/v1/models", null)],
        (nameof(Routes.Messages), "POST") =>
        [
            new("developer", "/v1/messages", Message), new("developer", "/v1/messages", StreamedMessage),
        ],
        (nameof(Routes.TokenCount), "POST") => [new("developer", "/v1/messages/count_tokens", Message)],
        (nameof(Routes.Mcp), "POST") => [new("analyst", "/mcp", ToolCall), new("analyst", "/mcp", Reading)],
        (nameof(Routes.Models), "GET") => [new("developer", "/v1/models", null)],
        (nameof(Routes.Datasets), "GET") => [new("analyst", "/v1/datasets", null)],
        (nameof(Routes.Dataset), "GET") => [new("analyst", "/v1/datasets/customers", null)],
        (nameof(Routes.DatasetQuery), "POST") => [new("analyst", "/v1/datasets/customers/query", """{"select":["id","region"]}""")],
        (nameof(Routes.Keys), "GET") => [new("administrator", "/manage/keys", null)],
        (nameof(Routes.Keys), "POST") => [new("administrator", "/manage/keys", NewKey)],
        (nameof(Routes.KeyRevocation), "POST") => [new("administrator", "/manage/keys/AAAAAAAA/revoke", string.Empty)],
        (nameof(Routes.KeyRotation), "POST") => [new("administrator", "/manage/keys/AAAAAAAA/rotate", "{}")],
        (nameof(Routes.KeyBinding), "POST") => [new("administrator", "/manage/keys/AAAAAAAA/bind", """{"proof":"e30.e30.e30"}""")],
        (nameof(Routes.Denials), "GET") => [new("administrator", "/manage/deny", null)],
        (nameof(Routes.Denials), "POST") => [new("administrator", "/manage/deny", NewDenial)],
        (nameof(Routes.Denial), "DELETE") => [new("administrator", "/manage/deny/subject-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", null)],
        (nameof(Routes.Receipts), "GET") => [new("developer", "/audit/receipts/01934b2e-7a00-7000-8000-000000000001", null)],
        (nameof(Routes.EntryBundles), "GET") => [new("administrator", "/audit/log/audit-00-000000/tile/entries/000", null)],
        (nameof(Routes.WideBundles), "GET") => [new("administrator", "/audit/log/audit-00-000000/tile/wide/000", null)],
        (nameof(Routes.LongEntries), "GET") => [new("administrator", "/audit/log/audit-00-000000/large/000", null)],
        (nameof(Routes.IdIndex), "GET") => [new("administrator", "/audit/log/audit-00-000000/index/000", null)],
        (nameof(Routes.TenantLogs), "GET") => [new("administrator", "/audit/events", null)],
        (nameof(Routes.TenantEvents), "GET") => [new("administrator", "/audit/events/audit-00-000000", null)],
        (nameof(Routes.Policy), "GET") => [new("administrator", "/manage/policy", null)],
        (nameof(Routes.Policy), "POST") => [new("administrator", "/manage/policy", NoBundle)],
        (nameof(Routes.PolicyCheck), "POST") => [new("administrator", "/manage/policy/check", NoBundle)],
        (nameof(Routes.PolicyRollback), "POST") => [new("administrator", "/manage/policy/rollback", "{}")],
        (nameof(Routes.Decisions), "GET") => [new("administrator", "/manage/decisions?for=1", null)],
        _ => throw new InvalidOperationException($"{method} {route.Template} has no sample request, so nobody has seen that its controls hold."),
    };
}
