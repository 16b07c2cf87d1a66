namespace Proofgate.Http.Manage;

/// <summary>Data of the event <c>dropped</c>: so many were lost, because the reader was too slow.</summary>
public sealed record DroppedView(long Count);
