namespace Proofgate.Identity;

/// <summary>Whether an address may cause one more costly look; if not, when it may.</summary>
public readonly record struct AddressVerdict(bool Allowed, TimeSpan RetryAfter);
