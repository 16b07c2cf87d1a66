using System.Text.Json;
using System.Text.Json.Serialization;

namespace Proofgate.Data.Querying;

/// <summary>Writes parts of a query back, to be digested.</summary>
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(string))]
internal sealed partial class QueryJson : JsonSerializerContext;
