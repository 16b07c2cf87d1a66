namespace Proofgate.Http;

/// <summary>A dependency's state. <paramref name="Detail"/> says what is wrong, or names what is in use; no secrets, no addresses of callers.</summary>
public readonly record struct Readiness(bool Ready, string? Detail);
