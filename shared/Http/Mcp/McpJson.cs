using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Proofgate.Http.Mcp;

/// <summary>What is made here and handed to the library as JSON.</summary>
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class McpJson : JsonSerializerContext;
