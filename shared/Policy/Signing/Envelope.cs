using System.Text.Json.Serialization;

namespace Proofgate.Policy.Signing;

/// <summary>DSSE's JSON. The members stand in the order in which they are written.</summary>
internal sealed record Envelope(
    [property: JsonPropertyOrder(0)] byte[] Payload,
    [property: JsonPropertyOrder(1)] string PayloadType,
    [property: JsonPropertyOrder(2)] IReadOnlyList<EnvelopeSignature> Signatures);
