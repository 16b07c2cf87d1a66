using System.Text.Json.Serialization;

namespace Proofgate.Http.Manage;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false, MaxDepth = 8,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(KeyRequest))]
[JsonSerializable(typeof(InitializationRequest))]
[JsonSerializable(typeof(KeyList))]
[JsonSerializable(typeof(CreatedKey))]
[JsonSerializable(typeof(FirstKey))]
[JsonSerializable(typeof(KeyView))]
[JsonSerializable(typeof(RotationRequest))]
[JsonSerializable(typeof(RotatedKey))]
[JsonSerializable(typeof(BindingRequest))]
[JsonSerializable(typeof(LeakedKey))]
[JsonSerializable(typeof(LeakReceipt))]
[JsonSerializable(typeof(DenyRequest))]
[JsonSerializable(typeof(DenyView))]
[JsonSerializable(typeof(DenyListing))]
internal sealed partial class ManageJson : JsonSerializerContext;
