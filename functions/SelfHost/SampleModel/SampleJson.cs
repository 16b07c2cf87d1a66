using System.Text.Json.Serialization;

namespace Proofgate.SelfHost.SampleModel;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SampleCompletion))]
internal sealed partial class SampleJson : JsonSerializerContext;
