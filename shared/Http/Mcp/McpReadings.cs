using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Proofgate.Enforcement;
using Proofgate.Enforcement.Tools;
using Proofgate.Policy;

namespace Proofgate.Http.Mcp;

/// <summary><c>resources/read</c>: decided on the resource, as a tool of its address, and redacted as a tool's answer is.</summary>
public sealed class McpReadings(Pipeline pipeline, ToolRegistry registry, McpRunner runner, IOptions<McpOptions> options)
{
    internal async Task HandleAsync(McpRequest request)
    {
        var uri = request.TextOf("uri") ?? string.Empty;
        if (!(await registry.ResourcesAsync(request.Bundle, request.Exchange.Caller, request.Exchange.ClientGone)).TryGetValue(uri, out var found))
        {
            await request.RefuseAsync(200, "resource_not_found", "There is no such resource here. resources/list names yours.");
            return;
        }

        if (await request.DeclarationsAsync() is not { } declared)
        {
            return;
        }

        var call = new ResourceCall
        {
            Id = request.Exchange.Id,
            Caller = request.Exchange.Caller,
            Bundle = request.Bundle,
            Request = request.Record,
            Action = Vocabulary.UseTool,
            Resource = found.Resource.ToEntity(),
            DeclaredLabel = declared.Label,
            DeclaredPurpose = declared.Purpose,
            Lineage = request.Attached.Lineage,
            Session = request.Attached.Session,
            TraceId = request.Exchange.TraceId,
            Read = found.Resource,
        };
        switch (await pipeline.AdmitAsync(call, request.Exchange.ClientGone))
        {
            case Ruling<ResourceCall>.Refused refused:
                await request.Exchange.AnswerAsync(refused.Refusal);
                break;
            case Ruling<ResourceCall>.Admitted { Call: var admitted }:
                await using (admitted)
                {
                    await runner.RunAsync(request, admitted, work => new McpServerHandlers
                    {
                        ReadResourceHandler = (_, _) => work.DoAsync(() => ReadAsync(found.Source, admitted, work)),
                        ListResourcesHandler = static (_, _) => throw new NotSupportedException(),
                    });
                }

                break;
        }
    }

    private async Task<ReadResourceResult> ReadAsync(IToolSource source, AdmittedCall<ResourceCall> call, McpWork work)
    {
        var answer = await source.ReadAsync(call, work.Stop);
        answer.RequireLengthWithin(options.Value.MaxAnswerLength);
        var texts = new ToolTexts(call.Redaction);
        var shown = texts.Of(answer);
        if (answer.IsError)
        {
            throw new McpProtocolException(string.Join(' ', shown), McpErrorCode.InternalError);
        }

        var result = new ReadResourceResult
        {
            Contents = [.. shown.Select(text => new TextResourceContents { Uri = call.Call.Read.Uri, MimeType = call.Call.Read.MimeType, Text = text })],
        };
        texts.Account(work, answer, call.Call.Bundle);
        return result;
    }
}
