using System.Text.Json.Serialization;

namespace Proofgate.Enforcement.Tools.Schemas;

/// <summary>A member's name as a value, for <c>propertyNames</c>.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class NameJson : JsonSerializerContext;
