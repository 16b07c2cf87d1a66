using System.Text.Json;
using Proofgate.Enforcement;
using Proofgate.Enforcement.Tools;
using Proofgate.Enforcement.Tools.Schemas;
using Proofgate.Identity;
using Proofgate.Policy;

namespace Proofgate.Http.Tests.Support;

/// <summary>A source of tools in memory: those that the protocol's conformance suite asks for, and some that misbehave.</summary>
internal sealed class FixtureTools : IToolSource
{
    internal const string StaticText = "This is the content of the static text resource.";

    private const string Any = """{"type":"object"}""";

    private readonly List<JsonElement> _ran = [];
    private readonly Lock _lock = new();

    /// <summary>The arguments of every call that ran.</summary>
    internal IReadOnlyList<JsonElement> Ran
    {
        get
        {
            lock (_lock)
            {
                return [.. _ran];
            }
        }
    }

    /// <summary>What <c>datasets__tell</c> answers.</summary>
    internal ToolAnswer Told { get; set; } = new() { Texts = ["nothing"] };

    /// <summary>Completes when <c>datasets__wait</c> has begun, and when it has been told to stop.</summary>
    internal TaskCompletionSource Waiting { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal TaskCompletionSource Stopped { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private List<ToolDescription> Tools { get; } =
    [
        Tool("test_simple_text", Any),
        Tool("test_error_handling", Any),
        Tool("json_schema_2020_12_tool", """
            {"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","$defs":{"address":{"type":"object","properties":{"street":{"type":"string"},"city":{"type":"string"}}}},
             "properties":{"name":{"type":"string"},"address":{"$ref":"#/$defs/address"}},"additionalProperties":false}
            """),
        Tool("datasets__echo", """{"type":"object","properties":{"text":{"type":"string"}},"required":["text"]}"""),
        Tool("datasets__refund", """{"type":"object","properties":{"amount":{"type":"number"},"note":{"type":"string","maxLength":20}},"required":["amount"]}"""),
        Tool("datasets__tell", Any),
        Tool("datasets__wait", Any),
        Tool("datasets__hang", Any),
        Tool("datasets__broken", Any),
        Tool("datasets__labelled", Any) with { Label = 1 },
        Tool("vault__open", Any) with { Source = "vault" },
        Tool("tеst__cyrillic", Any),
        Tool("twice", Any),
        Tool("twice", Any),
    ];

    public ValueTask<IReadOnlyList<ToolDescription>> ListToolsAsync(PolicyBundle bundle, Caller caller, string? only, CancellationToken cancellationToken) => new(Tools);

    public ValueTask<IReadOnlyList<ToolResource>> ListResourcesAsync(PolicyBundle bundle, Caller caller, CancellationToken cancellationToken) => new(
    [
        new() { Uri = "test://static-text", Name = "static-text", Source = "datasets", Description = "A static text", MimeType = "text/plain", Label = 0 },
        new() { Uri = "vault://gold", Name = "gold", Source = "vault", Description = "Not for everybody", Label = 0 },
    ]);

    public async Task<ToolAnswer> CallAsync(AdmittedCall<ToolCall> call, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _ran.Add(call.Call.Arguments.Clone());
        }

        switch (call.Call.Tool.Name)
        {
            case "test_error_handling":
                return new ToolAnswer { Texts = ["This tool intentionally returns an error for testing"], IsError = true };
            case "datasets__echo":
                return new ToolAnswer { Texts = [call.Call.Arguments.GetProperty("text").GetString()!], Structured = call.Call.Arguments };
            case "datasets__tell":
                return Told;
            case "datasets__wait":
                Waiting.TrySetResult();
                await using (cancellationToken.Register(() => Stopped.TrySetResult()))
                {
                    await Stopped.Task;
                    throw new OperationCanceledException(cancellationToken);
                }

            case "datasets__hang":
                // It does not listen.
                await new TaskCompletionSource().Task;
                throw new InvalidOperationException();
            case "datasets__broken":
                throw new ToolSourceException("The server 'broken' could not be reached.", timedOut: false);
            default:
                return new ToolAnswer { Texts = ["This is a simple text response for testing."] };
        }
    }

    public Task<ToolAnswer> ReadAsync(AdmittedCall<ResourceCall> call, CancellationToken cancellationToken) => Task.FromResult(new ToolAnswer { Texts = [StaticText] });

    private static ToolDescription Tool(string name, string schema)
    {
        Assert.True(ArgumentSchema.TryCompile(JsonDocument.Parse(schema).RootElement, out var arguments, out var problem), problem);
        return new ToolDescription { Name = name, Source = "datasets", Description = $"The tool {name}", Arguments = arguments, Label = 0 };
    }
}
