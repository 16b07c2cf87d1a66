using System.Text.Json.Serialization;

namespace Proofgate.Policy.Signing;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false, MaxDepth = 4, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Envelope))]
[JsonSerializable(typeof(BundleStatement))]
[JsonSerializable(typeof(ActivationStatement))]
internal sealed partial class StatementJson : JsonSerializerContext;
