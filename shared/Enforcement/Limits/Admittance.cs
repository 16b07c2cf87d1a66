namespace Proofgate.Enforcement.Limits;

/// <summary>What a call may hold while it is open, or why it may not.</summary>
internal readonly record struct Admittance(Reservation? Reservation, Refusal? Refusal);
