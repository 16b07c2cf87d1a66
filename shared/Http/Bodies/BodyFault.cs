namespace Proofgate.Http.Bodies;

/// <summary>Why a body is not read: status 400, 408, 413, 415, 429 or 503, code and sentence.</summary>
internal sealed record BodyFault(int Status, string Code, string Message);
