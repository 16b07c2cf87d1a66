using System.Text.Json;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Proofgate.Cedar;
using Proofgate.Enforcement;
using Proofgate.Enforcement.Tools;
using Proofgate.Http.Endpoints;
using Proofgate.Policy;

namespace Proofgate.Http.Mcp;

/// <summary>Every message but a call: lists of what the caller may use, each entry by its own decision, and what needs none, such as the handshake.</summary>
public sealed class McpListings(Pipeline pipeline, ToolRegistry registry, McpRunner runner)
{
    internal static readonly Entity Catalogue = new(new EntityUid("Proofgate::Catalog", "tools"));

    internal async Task HandleAsync(McpRequest request)
    {
        var (bundle, caller, stop) = (request.Bundle, request.Exchange.Caller, request.Exchange.ClientGone);
        var lists = request.Message.Method is RequestMethods.ToolsList or RequestMethods.ResourcesList;
        if (lists && request.TextOf("cursor") is not null)
        {
            await request.RefuseAsync(200, "invalid_params", "Lists come whole: there is no 'cursor'.");
            return;
        }

        ToolDescription[] tools = request.Message.Method == RequestMethods.ToolsList ? [.. (await registry.ToolsAsync(bundle, caller, null, stop)).Values.Select(static t => t.Tool)] : [];
        ToolResource[] resources = request.Message.Method == RequestMethods.ResourcesList ? [.. (await registry.ResourcesAsync(bundle, caller, stop)).Values.Select(static r => r.Resource)] : [];
        var listed = new HashSet<EntityUid>();
        Entity[] candidates = [.. tools.Select(static t => t.ToEntity()), .. resources.Select(static r => r.ToEntity())];
        switch (await pipeline.ListAsync(CallOf(request), candidates, listed, stop))
        {
            case Ruling<ListingCall>.Refused refused:
                await request.Exchange.AnswerAsync(refused.Refusal);
                break;
            case Ruling<ListingCall>.Admitted { Call: var admitted }:
                await using (admitted)
                {
                    await runner.RunAsync(request, admitted, _ => Handlers(
                        [.. tools.Where(t => listed.Contains(t.ToEntity().Uid)).OrderBy(static t => t.Name, StringComparer.Ordinal)],
                        [.. resources.Where(r => listed.Contains(r.ToEntity().Uid)).OrderBy(static r => r.Uri, StringComparer.Ordinal)]));
                }

                break;
        }
    }

    internal static ListingCall CallOf(McpRequest request) => new()
    {
        Id = request.Exchange.Id,
        Caller = request.Exchange.Caller,
        Bundle = request.Bundle,
        Request = request.Record,
        Action = Vocabulary.UseTool,
        Resource = Catalogue,
        Lineage = request.Attached.Lineage,
        Session = request.Attached.Session,
        TraceId = request.Exchange.TraceId,
    };

    private static McpServerHandlers Handlers(IReadOnlyList<ToolDescription> tools, IReadOnlyList<ToolResource> resources) => new()
    {
        ListToolsHandler = (_, _) => ValueTask.FromResult(new ListToolsResult { Tools = [.. tools.Select(Tell)] }),
        ListResourcesHandler = (_, _) => ValueTask.FromResult(new ListResourcesResult { Resources = [.. resources.Select(Tell)] }),
        ListResourceTemplatesHandler = static (_, _) => ValueTask.FromResult(new ListResourceTemplatesResult { ResourceTemplates = [] }),
        // There so that the capabilities are told; calls of them do not come here.
        CallToolHandler = static (_, _) => throw new NotSupportedException(),
        ReadResourceHandler = static (_, _) => throw new NotSupportedException(),
    };

    /// <summary>Without the form of its results: redaction can change it.</summary>
    private static Tool Tell(ToolDescription tool) => new()
    {
        Name = tool.Name,
        Title = tool.Title,
        Description = tool.Description,
        InputSchema = tool.Arguments.Json,
        Annotations = tool.Annotations.ValueKind == JsonValueKind.Object
            ? tool.Annotations.Deserialize((System.Text.Json.Serialization.Metadata.JsonTypeInfo<ToolAnnotations>)ModelContextProtocol.McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(ToolAnnotations)))
            : null,
    };

    private static Resource Tell(ToolResource resource) => new()
    {
        Uri = resource.Uri,
        Name = resource.Name,
        Title = resource.Title,
        Description = resource.Description,
        MimeType = resource.MimeType,
    };
}
