namespace Proofgate.Audit.Cosigning;

/// <summary>How one witness does, as another thread may read it.</summary>
/// <param name="Name">From the settings.</param>
/// <param name="Cosigned">When it last cosigned for this process.</param>
/// <param name="Problem">Why it does not now; null if it does.</param>
/// <param name="Alarm">It says that a log does not go on from what it has cosigned.</param>
public sealed record WitnessState(string Name, DateTimeOffset? Cosigned, string? Problem, bool Alarm);
