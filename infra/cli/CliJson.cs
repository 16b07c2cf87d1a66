using System.Text.Json.Serialization;
using Proofgate.Cli.Evidence;
using Proofgate.Cli.Gateway.Wire;
using Proofgate.Cli.Ledger;
using Proofgate.Cli.Local;
using Proofgate.Cli.Output;

namespace Proofgate.Cli;

/// <summary>Every document that this command reads or writes.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    MaxDepth = 64,
    Converters = [typeof(SecretConverter)])]
[JsonSerializable(typeof(LocalState))]
[JsonSerializable(typeof(FirstKeyRequest))]
[JsonSerializable(typeof(FirstKey))]
[JsonSerializable(typeof(KeyRequest))]
[JsonSerializable(typeof(CreatedKey))]
[JsonSerializable(typeof(KeyListing))]
[JsonSerializable(typeof(KeyRecord))]
[JsonSerializable(typeof(RotationRequest))]
[JsonSerializable(typeof(RotatedKey))]
[JsonSerializable(typeof(BindingRequest))]
[JsonSerializable(typeof(LeakReceipt))]
[JsonSerializable(typeof(DenyRequest))]
[JsonSerializable(typeof(DenyRecord))]
[JsonSerializable(typeof(DenyListing))]
[JsonSerializable(typeof(PolicyStatus))]
[JsonSerializable(typeof(BundleRequest))]
[JsonSerializable(typeof(BundleJudgement))]
[JsonSerializable(typeof(RollbackRequest))]
[JsonSerializable(typeof(ActivationRecord))]
[JsonSerializable(typeof(WatchedEvent))]
[JsonSerializable(typeof(PolicyKeyDocument))]
[JsonSerializable(typeof(PackDocument))]
[JsonSerializable(typeof(TenantLogs))]
[JsonSerializable(typeof(TenantPage))]
[JsonSerializable(typeof(ProblemBody))]
[JsonSerializable(typeof(ChatRequest))]
[JsonSerializable(typeof(ChatChunk))]
[JsonSerializable(typeof(ErrorDocument))]
[JsonSerializable(typeof(IssuedKeyDocument))]
[JsonSerializable(typeof(KeyWarning))]
[JsonSerializable(typeof(ChatDocument))]
[JsonSerializable(typeof(VerificationDocument))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(PolicyCheckDocument))]
[JsonSerializable(typeof(PolicyFormatDocument))]
[JsonSerializable(typeof(PolicyTestDocument))]
[JsonSerializable(typeof(PolicyCoverageDocument))]
[JsonSerializable(typeof(PolicyExplanationDocument))]
[JsonSerializable(typeof(PolicyDiffDocument))]
[JsonSerializable(typeof(PolicyWhatIfDocument))]
[JsonSerializable(typeof(PromiseDocument))]
[JsonSerializable(typeof(ErasureDocument))]
[JsonSerializable(typeof(EvidenceDocument))]
[JsonSerializable(typeof(TenantDocument))]
[JsonSerializable(typeof(ReceiptDocument))]
[JsonSerializable(typeof(ExportDocument))]
[JsonSerializable(typeof(CosignedDocument))]
[JsonSerializable(typeof(LogKeyDocument))]
[JsonSerializable(typeof(TailDocument))]
[JsonSerializable(typeof(DecisionDocument))]
[JsonSerializable(typeof(DoctorDocument))]
internal sealed partial class CliJson : JsonSerializerContext;
