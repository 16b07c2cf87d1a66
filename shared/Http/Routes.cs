using Proofgate.Http.Endpoints;
using Proofgate.Http.Evidence;
using Proofgate.Http.Manage;
using Proofgate.Http.Mcp;
using Proofgate.Inference;

namespace Proofgate.Http;

/// <summary>The one table of routes. A route that is not listed does not exist; every host is built from this list.</summary>
public static class Routes
{
    public static Route ChatCompletions { get; } = new(
        nameof(ChatCompletions), "/v1/chat/completions", ["POST"], Access.Controlled, ErrorStyle.OpenAi, HostApp.Gateway, typeof(ChatCompletionsEndpoint));

    public static Route Responses { get; } = new(
        nameof(Responses), "/v1/responses", ["POST"], Access.Controlled, ErrorStyle.OpenAi, HostApp.Gateway, typeof(ResponsesEndpoint));

    public static Route Embeddings { get; } = new(
        nameof(Embeddings), "/v1/embeddings", ["POST"], Access.Controlled, ErrorStyle.OpenAi, HostApp.Gateway, typeof(EmbeddingsEndpoint));

    public static Route DeploymentChat { get; } = new(
        nameof(DeploymentChat), "/openai/deployments/{deployment}/chat/completions", ["POST"], Access.Controlled, ErrorStyle.OpenAi, HostApp.Gateway,
        typeof(ChatCompletionsEndpoint), Versioned: true);

    public static Route DeploymentEmbeddings { get; } = new(
        nameof(DeploymentEmbeddings), "/openai/deployments/{deployment}/embeddings", ["POST"], Access.Controlled, ErrorStyle.OpenAi, HostApp.Gateway,
        typeof(EmbeddingsEndpoint), Versioned: true);

    public static Route AzureChat { get; } = new(
        nameof(AzureChat), "/openai/v1/chat/completions", ["POST"], Access.Controlled, ErrorStyle.OpenAi, HostApp.Gateway, typeof(ChatCompletionsEndpoint));

    public static Route AzureEmbeddings { get; } = new(
        nameof(AzureEmbeddings), "/openai/v1/embeddings", ["POST"], Access.Controlled, ErrorStyle.OpenAi, HostApp.Gateway, typeof(EmbeddingsEndpoint));

    public static Route AzureResponses { get; } = new(
        nameof(AzureResponses), "/openai/v1/responses", ["POST"], Access.Controlled, ErrorStyle.OpenAi, HostApp.Gateway, typeof(ResponsesEndpoint));

    public static Route VersionedResponses { get; } = new(
        nameof(VersionedResponses), "/openai/responses", ["POST"], Access.Controlled, ErrorStyle.OpenAi, HostApp.Gateway, typeof(ResponsesEndpoint), Versioned: true);

    public static Route AzureModels { get; } = new(
        nameof(AzureModels), "/openai/v1/models", ["GET"], Access.Controlled, ErrorStyle.OpenAi, HostApp.Gateway, typeof(ModelsEndpoint));

    public static Route Messages { get; } = new(
        nameof(Messages), "/v1/messages", ["POST"], Access.Controlled, ErrorStyle.Anthropic, HostApp.Gateway, typeof(MessagesEndpoint));

    public static Route TokenCount { get; } = new(
        nameof(TokenCount), "/v1/messages/count_tokens", ["POST"], Access.Controlled, ErrorStyle.Anthropic, HostApp.Gateway, typeof(TokenCountEndpoint));

    public static Route Mcp { get; } = new(nameof(Mcp), "/mcp", ["POST"], Access.Controlled, ErrorStyle.JsonRpc, HostApp.Gateway, typeof(McpEndpoint));

    public static Route Models { get; } = new(
        nameof(Models), "/v1/models", ["GET"], Access.Controlled, ErrorStyle.OpenAi, HostApp.Gateway, typeof(ModelsEndpoint));

    public static Route Datasets { get; } = new(
        nameof(Datasets), "/v1/datasets", ["GET"], Access.Controlled, ErrorStyle.Problem, HostApp.Gateway, typeof(DatasetsEndpoint));

    public static Route Dataset { get; } = new(
        nameof(Dataset), "/v1/datasets/{name}", ["GET"], Access.Controlled, ErrorStyle.Problem, HostApp.Gateway, typeof(DatasetEndpoint));

    public static Route DatasetQuery { get; } = new(
        nameof(DatasetQuery), "/v1/datasets/{name}/query", ["POST"], Access.Controlled, ErrorStyle.Problem, HostApp.Gateway, typeof(DatasetQueryEndpoint));

    public static Route Keys { get; } = new(
        nameof(Keys), "/manage/keys", ["GET", "POST"], Access.Controlled, ErrorStyle.Problem, HostApp.Manage, typeof(KeysEndpoint));

    public static Route KeyRevocation { get; } = new(
        nameof(KeyRevocation), "/manage/keys/{kid}/revoke", ["POST"], Access.Controlled, ErrorStyle.Problem, HostApp.Manage, typeof(KeyRevocationEndpoint));

    public static Route KeyRotation { get; } = new(
        nameof(KeyRotation), "/manage/keys/{kid}/rotate", ["POST"], Access.Controlled, ErrorStyle.Problem, HostApp.Manage, typeof(KeyRotationEndpoint));

    public static Route KeyBinding { get; } = new(
        nameof(KeyBinding), "/manage/keys/{kid}/bind", ["POST"], Access.Controlled, ErrorStyle.Problem, HostApp.Manage, typeof(KeyBindingEndpoint));

    public static Route LeakReport { get; } = new(
        nameof(LeakReport), "/keys/leaked", ["POST"], Access.Report, ErrorStyle.Problem, HostApp.Manage, typeof(LeakReportEndpoint));

    public static Route Denials { get; } = new(
        nameof(Denials), "/manage/deny", ["GET", "POST"], Access.Controlled, ErrorStyle.Problem, HostApp.Manage, typeof(DenialsEndpoint));

    public static Route Denial { get; } = new(
        nameof(Denial), "/manage/deny/{id}", ["DELETE"], Access.Controlled, ErrorStyle.Problem, HostApp.Manage, typeof(DenialEndpoint));

    public static Route Initialization { get; } = new(
        nameof(Initialization), "/manage/init", ["POST"], Access.Bootstrap, ErrorStyle.Problem, HostApp.Manage, typeof(InitializationEndpoint));

    public static Route Policy { get; } = new(
        nameof(Policy), "/manage/policy", ["GET", "POST"], Access.Controlled, ErrorStyle.Problem, HostApp.Manage, typeof(PolicyEndpoint));

    public static Route PolicyCheck { get; } = new(
        nameof(PolicyCheck), "/manage/policy/check", ["POST"], Access.Controlled, ErrorStyle.Problem, HostApp.Manage, typeof(PolicyCheckEndpoint));

    public static Route PolicyRollback { get; } = new(
        nameof(PolicyRollback), "/manage/policy/rollback", ["POST"], Access.Controlled, ErrorStyle.Problem, HostApp.Manage, typeof(PolicyRollbackEndpoint));

    public static Route Decisions { get; } = new(
        nameof(Decisions), "/manage/decisions", ["GET"], Access.Controlled, ErrorStyle.Problem, HostApp.Manage, typeof(DecisionsEndpoint));

    public static Route Receipts { get; } = new(
        nameof(Receipts), "/audit/receipts/{auditId}", ["GET"], Access.Controlled, ErrorStyle.Problem, HostApp.Gateway, typeof(ReceiptsEndpoint));

    public static Route LogCheckpoint { get; } = new(
        nameof(LogCheckpoint), "/audit/log/{partition}/checkpoint", ["GET", "HEAD"], Access.Published, ErrorStyle.Problem, HostApp.Gateway, typeof(CheckpointEndpoint));

    public static Route HashTiles { get; } = new(
        nameof(HashTiles), "/audit/log/{partition}/tile/{*tile}", ["GET", "HEAD"], Access.Published, ErrorStyle.Problem, HostApp.Gateway, typeof(HashTilesEndpoint));

    public static Route EntryBundles { get; } = new(
        nameof(EntryBundles), "/audit/log/{partition}/tile/entries/{*tile}", ["GET"], Access.Controlled, ErrorStyle.Problem, HostApp.Gateway, typeof(EntriesEndpoint));

    public static Route WideBundles { get; } = new(
        nameof(WideBundles), "/audit/log/{partition}/tile/wide/{*tile}", ["GET"], Access.Controlled, ErrorStyle.Problem, HostApp.Gateway, typeof(EntriesEndpoint));

    public static Route LongEntries { get; } = new(
        nameof(LongEntries), "/audit/log/{partition}/large/{*tile}", ["GET"], Access.Controlled, ErrorStyle.Problem, HostApp.Gateway, typeof(EntriesEndpoint));

    public static Route IdIndex { get; } = new(
        nameof(IdIndex), "/audit/log/{partition}/index/{*tile}", ["GET"], Access.Controlled, ErrorStyle.Problem, HostApp.Gateway, typeof(EntriesEndpoint));

    public static Route TenantLogs { get; } = new(
        nameof(TenantLogs), "/audit/events", ["GET"], Access.Controlled, ErrorStyle.Problem, HostApp.Gateway, typeof(TenantLogsEndpoint));

    public static Route TenantEvents { get; } = new(
        nameof(TenantEvents), "/audit/events/{partition}", ["GET"], Access.Controlled, ErrorStyle.Problem, HostApp.Gateway, typeof(TenantEventsEndpoint));

    public static Route Liveness { get; } = new(
        nameof(Liveness), "/healthz", ["GET", "HEAD"], Access.Open, ErrorStyle.Problem, HostApp.Both, typeof(LivenessEndpoint));

    public static Route Readiness { get; } = new(
        nameof(Readiness), "/readyz", ["GET", "HEAD"], Access.Open, ErrorStyle.Problem, HostApp.Both, typeof(ReadinessEndpoint));

    public static Route ResourceMetadata { get; } = new(
        nameof(ResourceMetadata), "/.well-known/oauth-protected-resource/{*resource}", ["GET", "HEAD"], Access.Open, ErrorStyle.Problem, HostApp.Gateway,
        typeof(ResourceMetadataEndpoint));

    public static IReadOnlyList<Route> All { get; } =
    [
        ChatCompletions, Responses, Embeddings, Messages, TokenCount, Mcp, Models,
        DeploymentChat, DeploymentEmbeddings, AzureChat, AzureResponses, VersionedResponses, AzureEmbeddings, AzureModels,
        Datasets, Dataset, DatasetQuery,
        Keys, KeyRevocation, KeyRotation, KeyBinding, LeakReport, Denials, Denial, Initialization,
        Policy, PolicyCheck, PolicyRollback, Decisions,
        Receipts, LogCheckpoint, HashTiles, EntryBundles, WideBundles, LongEntries, IdIndex, TenantLogs, TenantEvents,
        ResourceMetadata, Liveness, Readiness,
    ];

    /// <summary>Where a model of an upstream that speaks this protocol is asked, for the message to who asked elsewhere.</summary>
    internal static string ForModelsOf(UpstreamProtocol protocol) => protocol == UpstreamProtocol.Anthropic ? Messages.Template : ChatCompletions.Template;
}
