namespace Proofgate.Audit;

/// <summary>
/// The fields of an event that are about a person: subject, address, claims, the canonical request. Sealed under that subject's data key
/// before the event is written; <see cref="Json"/> is one canonical UTF-8 JSON object.
/// </summary>
public sealed record PersonalPart(string Tenant, string Subject, ReadOnlyMemory<byte> Json);
