using System.Text.Json.Serialization;
using Proofgate.Http.Evidence;

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
[JsonSerializable(typeof(PolicyRequest))]
[JsonSerializable(typeof(PolicyCheckRequest))]
[JsonSerializable(typeof(RollbackRequest))]
[JsonSerializable(typeof(PolicyView))]
[JsonSerializable(typeof(PolicyCheckView))]
[JsonSerializable(typeof(ActivationView))]
[JsonSerializable(typeof(DecisionView))]
[JsonSerializable(typeof(DroppedView))]
[JsonSerializable(typeof(StreamEndView))]
[JsonSerializable(typeof(TenantLogsView))]
[JsonSerializable(typeof(TenantEventsView))]
internal sealed partial class ManageJson : JsonSerializerContext;
