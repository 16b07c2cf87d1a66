using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Proofgate.Enforcement;
using Proofgate.Http.Tests.Support;
using Proofgate.Inference;
using Proofgate.Support;

namespace Proofgate.Http.Tests.Grounds;

/// <summary>A gateway with the sample's data, or what a test makes of it, before a model that repeats its prompt.</summary>
internal sealed class GroundedGateway : IAsyncDisposable
{
    /// <summary>The whole bundle's models for everybody who may ask the assistant.</summary>
    internal const string MoreModels =
        """permit (principal, action == Proofgate::Action::"infer", resource == Proofgate::Model::"claude");""";

    private readonly TemporaryFolder _folder = new();
    private TestBundle? _bundle;

    internal TestGateway Gateway { get; private set; } = null!;

    /// <summary>The body that the model was sent last.</summary>
    internal string Sent { get; private set; } = string.Empty;

    internal string Database => _folder.Of("sample.db");

    /// <param name="sql">Done to the sample's data.</param>
    /// <param name="policy">Beside the sample's.</param>
    /// <param name="settings">Settings of the gateway.</param>
    internal static async Task<GroundedGateway> StartAsync(string sql = "", string policy = MoreModels, params (string Key, string? Value)[] settings)
    {
        var grounded = new GroundedGateway { _bundle = new TestBundle(policy) };
        grounded.Change(File.ReadAllText(Path.Combine(RepositoryRoot.Path, "infra", "policy", "sample.sql")) + sql);
        grounded.Gateway = await TestGateway.StartAsync([
            grounded._bundle.Setting, .. settings.Append(("Proofgate:DataSources:sample:Address", grounded.Database)).DistinctBy(static s => s.Item1),
        ]);
        grounded.Gateway.Upstream.Answer = grounded.EchoAsync;
        return grounded;
    }

    internal void Change(string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Database, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    internal Task<string> AnalystAsync(long clearance = 2) => Gateway.KeyAsync("analyst", clearance: clearance);

    internal Task<string> SupportAsync() => Gateway.KeyAsync("support", clearance: 1);

    /// <summary>Asks a question about <c>customers</c>.</summary>
    internal Task<Answer> AskAsync(string key, string query, params (string Name, string Value)[] headers) =>
        Gateway.ChatAsync(key, BodyOf($$"""[{"name":"customers","query":{{query}}}]"""), headers);

    internal static string BodyOf(string datasets, string model = "assistant") =>
        $$"""{"model":"{{model}}","proofgate":{"datasets":{{datasets}}},"messages":[{"role":"user","content":"Who are our customers?"}]}""";

    /// <summary>The passages that the model was sent last.</summary>
    internal IReadOnlyList<JsonNode> Passages => [.. TextsOf(JsonNode.Parse(Sent)!).Where(static t => t.StartsWith('{')).Select(static t => JsonNode.Parse(t)!)];

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        SqliteConnection.ClearAllPools();
        _bundle?.Dispose();
        _folder.Dispose();
    }

    private Task<UpstreamAnswer> EchoAsync(AdmittedCall<InferenceCall> call, CancellationToken cancellationToken)
    {
        var output = new ArrayBufferWriter<byte>();
        call.Call.Sent.WriteUpstream(output, "up");
        Sent = Encoding.UTF8.GetString(output.WrittenSpan);
        var said = "I read: " + string.Join('|', TextsOf(JsonNode.Parse(Sent)!));
        var (plain, streamed) = ScriptedUpstream.AnswersTo(call.Call.Speech);
        var escaped = JsonValue.Create(said).ToJsonString()[1..^1];
        var answer = (call.Call.Stream ? streamed : plain).Replace("Hello.", escaped, StringComparison.Ordinal);
        return Task.FromResult(ScriptedUpstream.Of(200, answer, call.Call.Stream ? "text/event-stream" : "application/json", byteByByte: true));
    }

    private static IEnumerable<string> TextsOf(JsonNode body) =>
        (body["messages"] ?? body["input"])!.AsArray().Where(static m => (string?)m!["role"] == "user").Select(static m => (string)m!["content"]!);

    /// <summary>The text of an answer in any of the protocols.</summary>
    internal static string Said(string body) => body[0] == '{'
        ? (string)(JsonNode.Parse(body)!["choices"]?[0]?["message"]?["content"] ?? JsonNode.Parse(body)!["output"]?[0]?["content"]?[0]?["text"] ?? JsonNode.Parse(body)!["content"]![0]!["text"])!
        : string.Concat(body.Split('\n').Where(static l => l.StartsWith("data: {", StringComparison.Ordinal)).Select(static l =>
            Convert.ToString((object?)(JsonNode.Parse(l[6..])!["choices"]?[0]?["delta"]?["content"] ?? (JsonNode.Parse(l[6..])!["delta"] is JsonObject delta ? delta["text"] : JsonNode.Parse(l[6..])!["delta"])), CultureInfo.InvariantCulture)));
}
