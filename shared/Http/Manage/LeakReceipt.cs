namespace Proofgate.Http.Manage;

/// <summary>Answer of <c>POST /keys/leaked</c>, whatever the key was.</summary>
public sealed record LeakReceipt(string Status, string Detail)
{
    internal static LeakReceipt Instance { get; } = new("received", "Thank you. If this is a genuine key, it is revoked by now.");
}
