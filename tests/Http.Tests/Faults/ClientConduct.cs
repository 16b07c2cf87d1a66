namespace Proofgate.Http.Tests.Faults;

/// <summary>What a client does.</summary>
public enum ClientConduct
{
    Stays,
    LeavesBeforeHeaders,
    LeavesAfterHeaders,
    LeavesMidway,
    ReadsSlowly,

    /// <summary>Holds the connection open, takes nothing, and leaves at last.</summary>
    StopsReading,
}
