using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Proofgate.Cedar;
using Proofgate.Enforcement;
using Proofgate.Enforcement.Tools;
using Proofgate.Http.Endpoints;
using Proofgate.Policy;

namespace Proofgate.Http.Mcp;

/// <summary><c>tools/call</c>: the tool's arguments are held against its schema, decided on, and then it runs; what it answers is redacted.</summary>
public sealed class McpToolCalls(Pipeline pipeline, ToolRegistry registry, McpRunner runner, IOptions<McpOptions> options)
{
    private static readonly JsonElement NoArguments = JsonDocument.Parse("{}").RootElement;

    internal async Task HandleAsync(McpRequest request)
    {
        var name = request.TextOf("name") ?? string.Empty;
        if (!(await registry.ToolsAsync(request.Bundle, request.Exchange.Caller, name, request.Exchange.ClientGone)).TryGetValue(name, out var found))
        {
            await RefuseUnknownAsync(request);
            return;
        }

        if (!TryReadArguments(request, out var arguments))
        {
            await request.RefuseAsync(200, "invalid_params", "'arguments' must be an object.");
            return;
        }

        if (!ArgumentTexts.AreReadable(arguments, out var tooLong))
        {
            await (tooLong
                ? request.RefuseAsync(413, "prompt_too_large", $"The arguments may have {ArgumentTexts.MaxLength} characters of text in all.")
                : request.RefuseAsync(200, "invalid_params", "A text among the arguments is not Unicode."));
            return;
        }

        if (FaultOf(request.Bundle, found.Tool, arguments, out var seen) is { } fault)
        {
            await TellFaultAsync(request, found.Tool, fault);
            return;
        }

        if (await request.DeclarationsAsync() is not { } declared)
        {
            return;
        }

        var call = new ToolCall
        {
            Id = request.Exchange.Id,
            Caller = request.Exchange.Caller,
            Bundle = request.Bundle,
            Request = request.Record,
            Action = Vocabulary.UseTool,
            Resource = found.Tool.ToEntity(),
            DeclaredLabel = declared.Label,
            DeclaredPurpose = declared.Purpose,
            Lineage = request.Attached.Lineage,
            Session = request.Attached.Session,
            TraceId = request.Exchange.TraceId,
            Tool = found.Tool,
            Arguments = arguments,
            Seen = seen,
        };
        switch (await pipeline.AdmitAsync(call, request.Exchange.ClientGone))
        {
            case Ruling<ToolCall>.Refused refused:
                await request.Exchange.AnswerAsync(refused.Refusal);
                break;
            case Ruling<ToolCall>.Admitted { Call: var admitted }:
                await using (admitted)
                {
                    await runner.RunAsync(request, admitted, work => new McpServerHandlers
                    {
                        CallToolHandler = (_, _) => work.DoAsync(() => CallAsync(found.Source, admitted, work)),
                    });
                }

                break;
        }
    }

    private async Task<CallToolResult> CallAsync(IToolSource source, AdmittedCall<ToolCall> call, McpWork work)
    {
        var answer = await source.CallAsync(call, work.Stop);
        answer.RequireLengthWithin(options.Value.MaxAnswerLength);
        var texts = new ToolTexts(call.Redaction);
        var result = new CallToolResult
        {
            Content = [.. texts.Of(answer).Select(static text => new TextContentBlock { Text = text })],
            StructuredContent = texts.StructureOf(answer) is { } structure ? JsonSerializer.SerializeToElement(structure, McpJson.Default.JsonObject) : null,
            IsError = answer.IsError ? true : null,
        };
        texts.Account(work, answer, call.Call.Bundle);
        return result;
    }

    /// <summary>What is not so is told to who may use the tool: its model reads it and tries again. To others the tool does not exist.</summary>
    private async Task TellFaultAsync(McpRequest request, ToolDescription tool, string fault)
    {
        var listed = new List<EntityUid>();
        switch (await pipeline.ListAsync(McpListings.CallOf(request), [tool.ToEntity()], listed, request.Exchange.ClientGone))
        {
            case Ruling<ListingCall>.Refused refused:
                await request.Exchange.AnswerAsync(refused.Refusal);
                break;
            case Ruling<ListingCall>.Admitted { Call: var admitted }:
                await using (admitted)
                {
                    await runner.RunAsync(request, admitted, _ => new McpServerHandlers
                    {
                        CallToolHandler = (_, _) => listed.Count > 0
                            ? ValueTask.FromResult(new CallToolResult { Content = [new TextContentBlock { Text = $"Nothing was done. {fault}" }], IsError = true })
                            : throw new ModelContextProtocol.McpProtocolException(UnknownTool, ModelContextProtocol.McpErrorCode.InvalidParams),
                    });
                }

                break;
        }
    }

    private const string UnknownTool = "There is no such tool here. tools/list names yours.";

    private static Task RefuseUnknownAsync(McpRequest request) => request.RefuseAsync(200, "tool_not_found", UnknownTool);

    private static bool TryReadArguments(McpRequest request, out JsonElement arguments)
    {
        arguments = NoArguments;
        if (!request.Message.Params.TryGetProperty("arguments", out var given) || given.ValueKind == JsonValueKind.Null)
        {
            return true;
        }

        arguments = given;
        return given.ValueKind == JsonValueKind.Object;
    }

    /// <summary>By the tool's schema, and by the policies' schema where policies look at arguments: one that they would take for absent is refused.</summary>
    private static string? FaultOf(PolicyBundle bundle, ToolDescription tool, JsonElement arguments, out RecordValue? seen)
    {
        seen = RecordValue.Empty;
        if (tool.Arguments.Check(arguments) is { } fault)
        {
            return fault;
        }

        if (bundle.Arguments is not { } reader)
        {
            return null;
        }

        if (Misspelt(arguments, reader.Names, out var name, out var meant))
        {
            return $"'{name}' is spelt '{meant}'.";
        }

        return reader.TryRead(arguments, out seen, out var misfit) ? null : $"'{misfit.Path}' must be a {misfit.Expected} here, because policy decides on it.";
    }

    private static bool Misspelt(JsonElement arguments, IReadOnlyList<string> names, [NotNullWhen(true)] out string? name, [NotNullWhen(true)] out string? meant)
    {
        (name, meant) = (null, null);
        foreach (var argument in arguments.EnumerateObject())
        {
            if (!names.Contains(argument.Name, StringComparer.Ordinal) && names.FirstOrDefault(n => n.Equals(argument.Name, StringComparison.OrdinalIgnoreCase)) is { } near)
            {
                (name, meant) = (argument.Name, near);
                return true;
            }
        }

        return false;
    }
}
